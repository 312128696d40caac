"""How each tool writes the file that is imported."""

from vulnerabilities.models import ScanScope, Tool

_COMMANDS = {
    Tool.NPM_AUDIT: "npm audit --json > audit.json",
    Tool.PIP_AUDIT: "pip-audit --format json --desc --aliases --output audit.json --requirement requirements.txt",
    Tool.TRIVY: "trivy image --format json --list-all-pkgs --show-suppressed --output trivy.json {target}",
    Tool.GRYPE: "grype {target} --output json --file grype.json",
    Tool.OSV_SCANNER: "osv-scanner scan source --recursive --all-packages --format json --output osv.json .",
    Tool.STORAGE: (
        "aws rds describe-db-instances --output json > databases.json\n"
        "aws rds describe-db-clusters --output json > clusters.json\n"
        "aws ec2 describe-volumes --output json > volumes.json\n"
        "aws logs describe-log-groups --output json > logs.json\n"
        "for bucket in $(aws s3api list-buckets --query 'Buckets[].Name' --output text); do\n"
        "  (aws s3api get-bucket-encryption --bucket $bucket --output json || echo '{}') |\n"
        "    jq --arg name $bucket '. + {Name: $name}'\n"
        "done | jq --slurp '{Buckets: .}' > buckets.json\n"
        "jq --slurp add databases.json clusters.json volumes.json logs.json buckets.json > storage.json"
    ),
    Tool.SARIF: "semgrep scan --config auto --sarif --output results.sarif",
}


def command_of(scope: ScanScope) -> str:
    """What is typed in a shell to scan it; for SARIF an example of many."""
    return _COMMANDS.get(Tool(scope.tool), "").replace("{target}", scope.target or "registry.example/app:1.4.2")

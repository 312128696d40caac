"""The tree of RFC 6962: roots, proofs of inclusion and of consistency, against the RFC's own recursion."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.seal.tree import (
    EMPTY,
    Tree,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    leaf_hash,
    root_from_inclusion,
    subtrees_of,
)

# The test vectors of Certificate Transparency's reference implementation: inputs, and the roots of their first 1 to 8.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def root_of(leaves: list[bytes]) -> bytes:
    """MTH, as the RFC writes it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + root_of(leaves[:half]) + root_of(leaves[half:])).digest()


def some(count: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(count)]


def test_the_roots_are_those_of_the_reference_implementation():
    tree = Tree()
    assert tree.root == EMPTY
    for data, root in zip(INPUTS, ROOTS, strict=True):
        tree.append(leaf_hash(bytes.fromhex(data)))
        assert tree.root.hex() == root


@given(st.integers(0, 200))
def test_a_tree_that_is_appended_to_has_the_root_of_the_definition(count):
    tree = Tree()
    tree.extend(some(count))
    assert tree.root == root_of(some(count))
    assert Tree.kept(tree.size, tree.packed).root == tree.root
    assert len(tree.peaks) == count.bit_count()


@pytest.mark.parametrize(("size", "peaks"), [(3, b""), (0, b"x" * 32), (1, b"x" * 31), (-1, b"")])
def test_peaks_that_do_not_fit_are_refused(size, peaks):
    with pytest.raises(ValueError, match="peaks"):
        Tree.kept(size, peaks)


@given(st.data())
def test_an_inclusion_proof_gives_the_root_and_no_other_leaf_place_or_size_does(data):
    size = data.draw(st.integers(1, 120))
    index = data.draw(st.integers(0, size - 1))
    leaves = some(size)
    root, path = root_of(leaves), inclusion_proof(index, size, subtrees_of(leaves))
    assert root_from_inclusion(leaves[index], index, size, path) == root
    assert root_from_inclusion(leaf_hash(b"other"), index, size, path) != root
    assert root_from_inclusion(leaves[index], index, size, [*path, leaves[0]]) is None
    if path:
        assert root_from_inclusion(leaves[index], index, size, path[:-1]) is None
    other = data.draw(st.integers(0, size - 1))
    if other != index:
        assert root_from_inclusion(leaves[index], other, size, path) != root


@given(st.data())
def test_a_consistency_proof_holds_for_its_two_trees_alone(data):
    size = data.draw(st.integers(1, 120))
    earlier = data.draw(st.integers(1, size))
    leaves = some(size)
    path = consistency_proof(earlier, size, subtrees_of(leaves))
    first, last = root_of(leaves[:earlier]), root_of(leaves)
    assert is_consistent(earlier, size, first, last, path)
    assert not is_consistent(earlier, size, leaf_hash(b"other"), last, path)
    assert not is_consistent(earlier, size, first, leaf_hash(b"other"), path)
    assert not is_consistent(earlier, size, first, last, [*path, leaves[0]])
    if path:
        assert not is_consistent(earlier, size, first, last, path[:-1])


@given(st.data())
def test_a_tree_written_anew_is_consistent_with_nothing(data):
    size = data.draw(st.integers(2, 60))
    earlier = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, earlier - 1))
    leaves = some(size)
    forged = [*leaves]
    forged[changed] = leaf_hash(b"forged")
    path = consistency_proof(earlier, size, subtrees_of(forged))
    assert not is_consistent(earlier, size, root_of(leaves[:earlier]), root_of(forged), path)


def test_what_is_not_in_a_tree_has_no_proof():
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(3, 3, subtrees_of(some(3)))
    with pytest.raises(ValueError, match="does not begin"):
        consistency_proof(4, 3, subtrees_of(some(3)))
    assert root_from_inclusion(b"", 3, 3, []) is None
    assert not is_consistent(0, 3, b"", b"", [])
    assert not is_consistent(2, 3, b"", b"", [])

"""The screens' shared parts: frame, table, forms, components. Knows nothing of the other apps."""

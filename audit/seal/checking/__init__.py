"""The check of a whole trail: texts, places, columns, the tree, the heads, the witnesses."""

"""What lets others check this product: the sealed trail and its checks."""

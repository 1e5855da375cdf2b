"""Services: what the product does, each within the transaction of the context it is given."""

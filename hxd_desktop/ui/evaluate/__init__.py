"""The dialog that measures answers and refusals, keeps the runs and compares them."""

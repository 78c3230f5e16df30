"""frugalseg: how few labels does your segmentation need, and which way of learning gets there?"""

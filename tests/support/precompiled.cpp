// Nothing: what is compiled of it is the header before it.

/// Makes sure that results are computed although nobody reads them.
@inline(never)
func keep<each Value>(_ values: repeat each Value) {}

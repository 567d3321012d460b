@main struct CubHPL { static func main() {} }

import CubHPL

CubHPL.main()

print("fuzz: not there yet")

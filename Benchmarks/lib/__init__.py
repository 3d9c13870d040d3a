"""The benchmark's driver: small modules, standard library only. See ../README.md."""

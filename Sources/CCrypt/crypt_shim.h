// crypt_r(3) of libxcrypt, which the C library of a system comes with: hashes passwords.
#include <crypt.h>

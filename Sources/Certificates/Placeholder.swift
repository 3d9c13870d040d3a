// Being written.
import AsyncHTTPClient
import X509

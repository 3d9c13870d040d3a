// The interface, being filled.
import CNIOBoringSSL

package final class TLSServerContext: Sendable {}
package final class TLSClientContext: Sendable {}
func placeholder() { _ = unsafe TLS_method() }

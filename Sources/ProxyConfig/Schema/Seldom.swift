// Values that few owners have.

/// A value that is there for few of many owners. Where it is not, it takes no more room than a pointer: a config may have tens of
/// thousands of routes, which are copied and compared at each reload.
@propertyWrapper
package struct Seldom<Value: Sendable & Equatable>: Sendable, Equatable {
    private final class Box: Sendable {
        let value: Value

        init(_ value: Value) { self.value = value }
    }

    private var box: Box?

    package init() {}

    package var wrappedValue: Value? {
        get { box?.value }
        set { box = newValue.map { Box($0) } }
    }

    package static func == (left: Seldom, right: Seldom) -> Bool {
        left.box === right.box || left.box?.value == right.box?.value
    }
}

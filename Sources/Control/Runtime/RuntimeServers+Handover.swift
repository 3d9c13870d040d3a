// While another process is to take over, what it is told must not change behind its back.
import Synchronization

extension RuntimeServers {
    /// Has whoever wants to change something wait until `release`. Returns when all is done that was begun before.
    func hold() async {
        await withCheckedContinuation { reached in
            Task { [self] in await turns.run { [self] in await wait(reached) } }
        }
    }

    private func wait(_ reached: CheckedContinuation<Void, Never>) async {
        await withCheckedContinuation { open in
            gate.withLock { $0 = open }
            reached.resume()
        }
    }

    /// Lets those who wait go on.
    /// - Parameter isOver: another process serves: they are to ask that one.
    func release(isOver: Bool) {
        if isOver { state.withLock { $0.isOver = true } }
        let open = gate.withLock { gate in
            defer { gate = nil }
            return gate
        }
        open?.resume()
    }
}

extension AdminProblem {
    /// Who asks again asks the process that serves.
    static var followed: AdminProblem {
        var problem = AdminProblem(503, "another process has taken over; ask again")
        problem.lines = "Retry-After: 1\r\n"
        return problem
    }
}

// How long a server works on an exchange.
import Glibc
import MartletBalancing

/// A distribution of times, in nanoseconds.
package enum ServiceTime: Sendable {
    /// Always the same.
    case constant(Double)
    /// Exponential, with a mean.
    case exponential(mean: Double)
    /// Mostly short, at times long: the probability of the latter.
    case bimodal(short: Double, long: Double, probability: Double)

    /// The mean.
    package var mean: Double {
        switch self {
        case .constant(let time): time
        case .exponential(let mean): mean
        case .bimodal(let short, let long, let probability): short * (1 - probability) + long * probability
        }
    }

    /// One of the times.
    func draw(_ chance: inout Chance) -> Double {
        switch self {
        case .constant(let time): time
        case .exponential(let mean): -log(1 - chance.fraction()) * mean
        case .bimodal(let short, let long, let probability): chance.fraction() < probability ? long : short
        }
    }
}

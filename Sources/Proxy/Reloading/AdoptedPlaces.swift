// What exchanges that are going on refer to, when what routes do is another table: the place of the same thing there, or else a
// place behind all others, for as long as the exchange lives. Routes lead to none of those. The next model takes them with it
// only if exchanges still need them, so that they do not gather.
import MartletCoding
import MartletEventLoop
import MartletRouting

/// The tables that exchanges refer to.
struct RouteTables {
    let actions: ActionTable
    let splits: [SplitState]
    let mirrors: [MirrorModel]
    let rules: [AccessRule]
    let admissions: [AdmissionModel]
    let upgrades: UpgradeTable
}

/// From places in the tables before to those in the tables now, as far as they have been asked for.
struct AdoptedPlaces {
    fileprivate var actions: [Int: Int] = [:]
    fileprivate var splits: [Int: Int] = [:]
    fileprivate var mirrors: [Int: Int] = [:]
    fileprivate var rules: [Int: Int] = [:]
    fileprivate var admissions: [Int: Int] = [:]
}

extension ProxyDriver {
    /// Looks after all exchanges. The driver has the new tables already.
    mutating func carryExchanges(_ old: RouteTables) {
        var places = AdoptedPlaces()
        for index in 0..<exchanges.places where exchanges.token(at: index) != nil {
            carry(UInt32(index), old, &places)
        }
    }

    private mutating func carry(_ exchange: UInt32, _ old: RouteTables, _ places: inout AdoptedPlaces) {
        let plan = Int(exchanges[exchange].actions)
        if plan > 0 { exchanges[exchange].actions = UInt32(adopt(plan: plan, old, &places)) }
        if exchanges[exchange].split >= 0 {
            exchanges[exchange].split = Int32(adopt(split: Int(exchanges[exchange].split), old, &places))
        }
        if exchanges[exchange].mirroring >= 0 {
            exchanges[exchange].mirroring = Int16(adopt(mirror: Int(exchanges[exchange].mirroring), old, &places))
        }
        if exchanges[exchange].accessRule >= 0 {
            exchanges[exchange].accessRule = Int32(adopt(rule: Int(exchanges[exchange].accessRule), old, &places))
        }
        if exchanges[exchange].admission >= 0 {
            let place = adopt(admission: Int(exchanges[exchange].admission), old, &places)
            exchanges[exchange].admission = Int16(place)
        }
        if exchanges[exchange].upgrade >= 0 {
            exchanges[exchange].upgrade = Int16(
                upgrades.place(of: old.upgrades.names[Int(exchanges[exchange].upgrade)]))
        }
        let coder = exchanges[exchange].coder
        if coder != .max {
            coders[coder].adopt(body: Int(actions.responses[Int(exchanges[exchange].actions)].body))
        }
    }

    /// A plan that is the same compiles to the same: the machines that work by it go on.
    private mutating func adopt(plan place: Int, _ old: RouteTables, _ places: inout AdoptedPlaces) -> Int {
        if let known = places.actions[place] { return known }
        let plan = old.actions.plans[place - 1]
        let isSame = place <= actions.plans.count && actions.plans[place - 1] == plan
        let new = isSame ? place : actions.find(plan) ?? actions.insert(plan)
        places.actions[place] = new
        return new
    }

    private mutating func adopt(split place: Int, _ old: RouteTables, _ places: inout AdoptedPlaces) -> Int {
        if let known = places.splits[place] { return known }
        splits.append(old.splits[place])
        places.splits[place] = splits.count - 1
        return splits.count - 1
    }

    private mutating func adopt(mirror place: Int, _ old: RouteTables, _ places: inout AdoptedPlaces) -> Int {
        if let known = places.mirrors[place] { return known }
        mirrors.append(old.mirrors[place])
        places.mirrors[place] = mirrors.count - 1
        return mirrors.count - 1
    }

    private mutating func adopt(rule place: Int, _ old: RouteTables, _ places: inout AdoptedPlaces) -> Int {
        if let known = places.rules[place] { return known }
        access.rules.append(old.rules[place])
        places.rules[place] = access.rules.count - 1
        return access.rules.count - 1
    }

    private mutating func adopt(admission place: Int, _ old: RouteTables, _ places: inout AdoptedPlaces) -> Int {
        if let known = places.admissions[place] { return known }
        admissions.append(old.admissions[place])
        places.admissions[place] = admissions.count - 1
        return admissions.count - 1
    }
}

using System.Globalization;
using PortMgmt.Leases.Policy;
using PortMgmt.Leases.Registry;
using PortMgmt.Leases.Table;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Allocation;

/// <summary>Carries out the requests of one call, all or none: every request has its ports before the first of them is written.</summary>
internal sealed class LeaseAllocator
{
    private readonly List<LeasePlan> _plans = [];

    /// <summary>Checks the requests and does what can be done before there is a lock.</summary>
    /// <param name="access">The way into the registry.</param>
    /// <param name="requests">What is wanted.</param>
    /// <param name="openers">What opens a socket on each port of a request, one for each; empty where none is wanted.</param>
    /// <exception cref="PortRegistryException">A request is not valid, or two exclude each other.</exception>
    public LeaseAllocator(RegistryAccess access, IReadOnlyList<PortLeaseRequest> requests, IReadOnlyList<ListenerOpener> openers)
    {
        Rules = access.Rules;
        for (int i = 0; i < requests.Count; i++)
        {
            _plans.Add(Prepare(access, requests, i, i < openers.Count ? openers[i] : null));
        }

        RefuseTwins();
    }

    /// <summary>The rules that the requests were checked by, and are to be carried out by.</summary>
    public PortRules Rules { get; }

    /// <summary>What each request is to have, in their order.</summary>
    public IReadOnlyList<LeasePlan> Plans => _plans;

    /// <summary>The request that was being worked on, for whoever is to tell of its failure; null between them.</summary>
    public PortLeaseRequest? Working { get; private set; }

    /// <summary>Makes the leases, or finds those to be used again.</summary>
    /// <exception cref="PortRegistryException">No port can be had for one of them, or a lease to be used again has other terms.</exception>
    public void Make(RegistrySession session)
    {
        var planned = new PlannedPorts();

        // Who can have but one port chooses first, whatever its place.
        ForEachOpen(planned, plan => plan.TryReuse(session));
        ForEachOpen(planned, plan => plan.TryInsist(session, planned));
        ForEachOpen(planned, plan => plan.TryWishes(session, planned));
        ForEachOpen(planned, plan => plan.Search(session, planned));
        Working = null;
        Write(session);
    }

    private LeasePlan Prepare(RegistryAccess access, IReadOnlyList<PortLeaseRequest> requests, int index, ListenerOpener? opener)
    {
        try
        {
            return new LeasePlan(access, Rules.Policy, requests[index], opener);
        }
        catch (PortRegistryException refusal) when (requests.Count > 1)
        {
            throw PortRefusals.OfSeveral(refusal, requests[index], requests.Count);
        }
    }

    private void ForEachOpen(PlannedPorts planned, Action<LeasePlan> step)
    {
        foreach (LeasePlan plan in _plans)
        {
            if (plan.Records.Count > 0)
            {
                continue;
            }

            Working = plan.Request;
            step(plan);
            if (_plans.Count == 1)
            {
                continue;
            }

            foreach (SlotRecord record in plan.Records)
            {
                planned.Add(record.Port, record.Protocol);
            }
        }
    }

    private void Write(RegistrySession session)
    {
        List<(int Index, SlotRecord Record)> writes = [];
        bool isNew = false;
        foreach (LeasePlan plan in _plans)
        {
            isNew |= !plan.IsReused;
            for (int i = 0; plan.IsChange && i < plan.Records.Count; i++)
            {
                writes.AddRange(RegistrySession.SlotsOf(plan.Records[i]));
            }
        }

        if (isNew)
        {
            // Before anything is written: where the sweep meets damage, the call fails and nothing was leased.
            new RegistrySweep(session).Step();
        }

        if (writes.Count > 0)
        {
            session.Table.WriteGroup(writes);
        }
    }

    /// <summary>Refuses two requests of which only one can be carried out, or which would be given the same lease.</summary>
    private void RefuseTwins()
    {
        for (int i = 1; i < _plans.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                RefuseTwins(_plans[j].Terms, _plans[i].Terms);
            }
        }
    }

    private static void RefuseTwins(LeaseTerms one, LeaseTerms other)
    {
        if (!PlannedPorts.Overlap(one.Protocol, other.Protocol))
        {
            return;
        }

        if (one.Name.Length > 0 && one.Name.Equals(other.Name, StringComparison.OrdinalIgnoreCase) && one.Scope.Equals(other.Scope, ScopeText.Comparison))
        {
            throw PortRefusals.Invalid($"The name '{other.Name}' is given twice: each name is for one lease. Give each once, or ask for a count.");
        }

        if (one.Port != 0 && one.Port == other.Port)
        {
            throw PortRefusals.Invalid(string.Create(CultureInfo.InvariantCulture, $"Port {one.Port} is insisted on twice: only one of the leases can have it. Ask for another, or 0 for any."));
        }
    }
}

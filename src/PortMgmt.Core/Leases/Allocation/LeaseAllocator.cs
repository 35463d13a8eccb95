using System.Globalization;
using PortMgmt.Leases.Policy;
using PortMgmt.Leases.Registry;
using PortMgmt.Leases.Table;
using PortMgmt.Listeners;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Allocation;

/// <summary>Carries out one request. What costs time and needs no lock (rules, owner, listeners) is done before there is one.</summary>
internal sealed class LeaseAllocator
{
    // A lease of a process that nobody outside its container can judge must end some day.
    private static readonly TimeSpan IsolatedTimeToLive = TimeSpan.FromHours(24);

    // So often somebody may take a port between the look at it and the bind, before that is taken for something else.
    private const int MaxLostPorts = 100;

    private readonly PortLeaseRequest _request;
    private readonly ListenerOpener? _opener;
    private LeaseTerms _terms;
    private readonly ProcessStamp _owner;
    private readonly TimeSpan? _timeToLive;
    private readonly List<string> _warnings = [];

    /// <summary>Checks a request and does what can be done before there is a lock.</summary>
    /// <param name="access">The way into the registry.</param>
    /// <param name="request">What is wanted.</param>
    /// <param name="opener">What opens a socket on each port before its lease is written; null where none is wanted.</param>
    /// <exception cref="PortRegistryException">The request is not valid.</exception>
    public LeaseAllocator(RegistryAccess access, PortLeaseRequest request, ListenerOpener? opener = null)
    {
        _opener = opener;
        Rules = access.Rules;
        PortPolicy policy = Rules.Policy;
        _request = request;
        _terms = LeaseTerms.From(request, policy);
        _owner = access.Resolve(request.Adopt ? FindListener() : request.Owner);
        (_timeToLive, string[] warnings) = LeaseTime.Limit(request.TimeToLive ?? (access.Platform.IsIsolated ? IsolatedTimeToLive : null), policy);
        _warnings.AddRange(warnings);
    }

    /// <summary>The rules that the request was checked by, and is to be carried out by.</summary>
    public PortRules Rules { get; }

    /// <summary>What the caller should know of the leases.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Makes the leases, or finds those to be used again.</summary>
    /// <exception cref="PortRegistryException">No port can be had, or a lease to be used again has other terms.</exception>
    public IReadOnlyList<SlotRecord> Make(RegistrySession session)
    {
        long deadline = _timeToLive is { } time ? session.Now + (long)Math.Max(1, time.TotalMilliseconds) : 0;
        if (_request.Reuse && new LeaseReuse(session, _terms, _owner, _request.Token).Find(deadline) is { Count: > 0 } reused)
        {
            return OpenReused(session, reused);
        }

        IReadOnlyList<int> ports = _request.Adopt ? Adopt(session) : SearchAndOpen(session);
        var records = new SlotRecord[ports.Count];
        var writes = new List<(int Index, SlotRecord Record)>(2 * ports.Count);
        for (int i = 0; i < records.Length; i++)
        {
            records[i] = NewRecord(session, ports[i], deadline);
            writes.AddRange(RegistrySession.SlotsOf(records[i]));
        }

        // Before anything is written: where the sweep meets damage, the call fails and nothing was leased.
        new RegistrySweep(session).Step();
        session.Table.WriteGroup(writes);
        return records;
    }

    private IReadOnlyList<SlotRecord> OpenReused(RegistrySession session, IReadOnlyList<SlotRecord> reused)
    {
        return _opener?.Open([.. reused.Select(record => record.Port)]) is > 0 and int lost
            ? throw Lost(session, lost)
            : reused;
    }

    /// <summary>Finds ports and listens on them: where a program that asks nobody is quicker on one, others are found.</summary>
    private IReadOnlyList<int> SearchAndOpen(RegistrySession session)
    {
        List<PortRange> lost = [];
        while (true)
        {
            IReadOnlyList<int> ports = Search(session);
            int taken = _opener?.Open(ports) ?? 0;
            if (taken == 0)
            {
                return ports;
            }

            lost.Add(new PortRange(taken, taken));
            if (_terms.Port != 0 || lost.Count > MaxLostPorts)
            {
                throw Lost(session, taken);
            }

            _terms = _terms with { Exclude = PortSet.From([.. _request.Exclude, .. lost]) };
        }
    }

    private PortRegistryException Lost(RegistrySession session, int port) =>
        PortRefusals.Unavailable(session, port, _terms.Protocol, new PortCheckResult(PortRefusal.Listening));

    private IReadOnlyList<int> Search(RegistrySession session)
    {
        var search = new PortSearch(session, _terms);
        IReadOnlyList<int> ports = search.Find();
        _warnings.AddRange(search.Warnings);
        return ports;
    }

    private int[] Adopt(RegistrySession session)
    {
        var check = new PortAvailabilityCheck(session, _terms.Protocol, _terms.Name, _terms.Scope);
        PortRefusal hard = session.Rules.CheckHardRules(_terms.Port, _terms.Name, _terms.Scope);
        PortCheckResult seen = hard == PortRefusal.None ? check.CheckLease(_terms.Port) : new PortCheckResult(hard);
        return seen.Refusal == PortRefusal.None
            ? [_terms.Port]
            : throw PortRefusals.Unavailable(session, _terms.Port, _terms.Protocol, seen);
    }

    private SlotRecord NewRecord(RegistrySession session, int port, long deadline) => new()
    {
        Kind = SlotKind.Leased,
        Port = port,
        Protocol = _terms.Protocol,
        Owner = _owner,
        UserId = session.Platform.UserId,
        CreatedAt = Math.Max(0, session.UtcNow.ToUnixTimeMilliseconds()),
        Deadline = deadline,
        Fence = LeaseToken.NewFence(),
        Name = _terms.Name,
        Scope = _terms.Scope,
    };

    /// <summary>The process that listens on the port to be adopted; of several, such as a server with workers, the first made.</summary>
    private PortLeaseOwner FindListener()
    {
        if (_request.Owner.ProcessId is null)
        {
            return PortLeaseOwner.None;
        }

        int? chosen = null;
        bool any = false;
        foreach (PortListener listener in PortListeners.Find(_terms.Port, _terms.Protocol))
        {
            any = true;
            if (listener.Id is int id && (_request.Owner == PortLeaseOwner.CurrentProcess || id == _request.Owner.ProcessId))
            {
                chosen = Math.Min(chosen ?? id, id);
            }
        }

        if (chosen is int process)
        {
            return PortLeaseOwner.Process(process);
        }

        string why = any ? "the process that listens there is not the one named, or this user is not told which it is" : "no process listens there";
        throw new PortRegistryException(
            PortRegistryErrorCode.ListenerNotFound,
            string.Create(CultureInfo.InvariantCulture, $"{PortRefusals.Label(_terms.Protocol)} port {_terms.Port} cannot be adopted: {why}. Start the server first, ask as its user, or lease without an owner and with a time to live."))
        {
            Port = _terms.Port,
        };
    }
}

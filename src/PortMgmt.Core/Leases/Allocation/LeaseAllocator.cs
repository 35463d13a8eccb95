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

    private readonly PortLeaseRequest _request;
    private readonly LeaseTerms _terms;
    private readonly ProcessStamp _owner;
    private readonly TimeSpan? _timeToLive;
    private readonly List<string> _warnings = [];

    public LeaseAllocator(RegistryAccess access, PortLeaseRequest request)
    {
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
            return reused;
        }

        IReadOnlyList<int> ports = _request.Adopt ? Adopt(session) : Search(session);
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

    private IReadOnlyList<int> Search(RegistrySession session)
    {
        var search = new PortSearch(session, _terms);
        IReadOnlyList<int> ports = search.Find();
        _warnings.AddRange(search.Warnings);
        return ports;
    }

    private int[] Adopt(RegistrySession session)
    {
        var check = new PortAvailabilityCheck(session, _terms.Protocol, _terms.Name);
        PortRefusal hard = session.Rules.CheckHardRules(_terms.Port, _terms.Name);
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

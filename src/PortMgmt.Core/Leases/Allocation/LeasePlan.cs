using System.Globalization;
using PortMgmt.Leases.Registry;
using PortMgmt.Leases.Table;
using PortMgmt.Listeners;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Allocation;

/// <summary>
/// What one request is to have. What costs time and needs no lock (owner, listeners) is done when it is made; under the lock its ports are
/// found, step by step, and nothing is written: of several requests that are made together all are carried out or none.
/// </summary>
internal sealed class LeasePlan
{
    // A lease of a process that nobody outside its container can judge must end some day.
    private static readonly TimeSpan IsolatedTimeToLive = TimeSpan.FromHours(24);

    // So often somebody may take a port between the look at it and the bind, before that is taken for something else.
    private const int MaxLostPorts = 100;

    private readonly ListenerOpener? _opener;
    private readonly ProcessStamp _owner;
    private readonly TimeSpan? _timeToLive;
    private readonly string[] _timeWarnings;
    private readonly List<PortRange> _lost = [];
    private LeaseTerms _terms;
    private PortSearch? _search;

    /// <summary>Checks a request and does what can be done before there is a lock.</summary>
    /// <param name="access">The way into the registry.</param>
    /// <param name="policy">The policy that it is checked by.</param>
    /// <param name="request">What is wanted.</param>
    /// <param name="opener">What opens a socket on each port; null where none is wanted.</param>
    /// <exception cref="PortRegistryException">The request is not valid.</exception>
    public LeasePlan(RegistryAccess access, PortPolicy policy, PortLeaseRequest request, ListenerOpener? opener)
    {
        Request = request;
        _opener = opener;
        _terms = LeaseTerms.From(request, policy);
        _owner = access.Resolve(request.Adopt ? FindListener() : request.Owner);
        (_timeToLive, _timeWarnings) = LeaseTime.Limit(request.TimeToLive ?? (access.Platform.IsIsolated ? IsolatedTimeToLive : null), policy);
    }

    /// <summary>What is wanted.</summary>
    public PortLeaseRequest Request { get; }

    /// <summary>The same, with the policy worked in.</summary>
    public LeaseTerms Terms => _terms;

    /// <summary>What the request is to have; empty until a step has found it.</summary>
    public IReadOnlyList<SlotRecord> Records { get; private set; } = [];

    /// <summary>Whether these are leases that were there before.</summary>
    public bool IsReused { get; private set; }

    /// <summary>Whether the table has yet to be told of <see cref="Records"/>.</summary>
    public bool IsChange => !IsReused || _timeToLive is not null;

    /// <summary>What the caller should know of the leases.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>Finds live leases that the request may have again.</summary>
    /// <exception cref="PortRegistryException">There are some, but with other terms.</exception>
    public void TryReuse(RegistrySession session)
    {
        if (!Request.Reuse || new LeaseReuse(session, _terms, _owner, Request.Token).Find() is not { Count: > 0 } found)
        {
            return;
        }

        if (_opener?.Open([.. found.Select(record => record.Port)]) is > 0 and int lost)
        {
            throw Lost(session, lost);
        }

        Records = Deadline(session) is > 0 and long deadline ? [.. found.Select(record => record with { Deadline = deadline })] : found;
        IsReused = true;
        Warnings = _timeWarnings;
    }

    /// <summary>Takes the port that the request insists on, if it does.</summary>
    /// <exception cref="PortRegistryException">It cannot be had.</exception>
    public void TryInsist(RegistrySession session, PlannedPorts planned)
    {
        if (Request.Adopt)
        {
            Keep(session, Adopt(session), []);
        }
        else if (_terms.Port != 0)
        {
            _search = new PortSearch(session, _terms, planned);
            _ = TryOpen(session, _search.FindExactly());
        }
    }

    /// <summary>Takes the ports that are kept for the name or that the request prefers, if they can be had.</summary>
    public void TryWishes(RegistrySession session, PlannedPorts planned)
    {
        do
        {
            _search = new PortSearch(session, _terms, planned);
        }
        while (_search.FindWished() && !TryOpen(session, _search.Found));
    }

    /// <summary>Takes what can be had in the range, beginning where the name always begins.</summary>
    /// <exception cref="PortRegistryException">There is not enough.</exception>
    public void Search(RegistrySession session, PlannedPorts planned)
    {
        // What was preferred was found in the step before, or cannot be had.
        PortSearch search = _search!;
        while (!TryOpen(session, search.FindInRange()))
        {
            _search = search = new PortSearch(session, _terms, planned);
            if (search.FindWished() && TryOpen(session, search.Found))
            {
                return;
            }
        }
    }

    /// <summary>Listens on ports; where a program that asks nobody is quicker on one, it is looked for elsewhere.</summary>
    private bool TryOpen(RegistrySession session, IReadOnlyList<int> ports)
    {
        int taken = _opener?.Open(ports) ?? 0;
        if (taken == 0)
        {
            Keep(session, ports, _search!.Warnings);
            return true;
        }

        _lost.Add(new PortRange(taken, taken));
        if (_terms.Port != 0 || _lost.Count > MaxLostPorts)
        {
            throw Lost(session, taken);
        }

        _terms = _terms with { Exclude = PortSet.From([.. Request.Exclude, .. _lost]) };
        return false;
    }

    private void Keep(RegistrySession session, IReadOnlyList<int> ports, IReadOnlyList<string> warnings)
    {
        long deadline = Deadline(session);
        var records = new SlotRecord[ports.Count];
        for (int i = 0; i < records.Length; i++)
        {
            records[i] = NewRecord(session, ports[i], deadline);
        }

        Records = records;
        Warnings = [.. _timeWarnings, .. warnings];
    }

    /// <summary>When the leases are to end, on the machine's clock; 0 for never.</summary>
    private long Deadline(RegistrySession session) => _timeToLive is { } time ? session.Now + (long)Math.Max(1, time.TotalMilliseconds) : 0;

    private PortRegistryException Lost(RegistrySession session, int port) =>
        PortRefusals.Unavailable(session, port, _terms.Protocol, new PortCheckResult(PortRefusal.Listening));

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
        if (Request.Owner.ProcessId is null)
        {
            return PortLeaseOwner.None;
        }

        int? chosen = null;
        bool any = false;
        bool anyProcess = Request.Owner == PortLeaseOwner.CurrentProcess;
        IReadOnlyList<PortListener> listeners = anyProcess
            ? PortListeners.Find(_terms.Port, _terms.Protocol)
            : PortListeners.Find(_terms.Port, _terms.Protocol, () => [Request.Owner.ProcessId.Value]);
        foreach (PortListener listener in listeners)
        {
            any = true;
            if (listener.Id is int id && (anyProcess || id == Request.Owner.ProcessId))
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

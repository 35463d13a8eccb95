using System.CommandLine;
using System.Globalization;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Heads;
using PortMgmt.Leases;

namespace PortMgmt.Cli.Commands;

/// <summary><c>lease new</c>: takes ports and prints them, one a line.</summary>
internal sealed class LeaseNewCommand : CliCommand
{
    // This process ends at once, so it cannot own the lease: with neither owner nor time to live it would be stale at birth.
    private static readonly TimeSpan DefaultTimeToLive = TimeSpan.FromHours(1);

    private readonly PortSelection _selection = new();
    private readonly Option<string> _reuse;
    private readonly Option<string> _adopt;
    private readonly Option<string> _exclude;
    private readonly Option<string> _protocol;
    private readonly Option<string> _contiguous;
    private readonly Option<string> _timeToLive;
    private readonly Option<string> _processId;

    /// <summary>Makes the verb.</summary>
    public LeaseNewCommand(GlobalOptions globals)
        : base("new", "Lease ports and print them, one a line.", globals)
    {
        _selection.AddTo(this);
        _reuse = AddFlag("--reuse", "Get the live lease of that name and process if there is one (with --name and --pid).");
        _adopt = AddFlag("--adopt", "With --port: lease a port on which a process listens already; that process becomes the owner.");
        _exclude = AddOption("--exclude", "LIST", "Ports and ranges not wanted, such as 8080,9000-9099.");
        _protocol = AddOption("--protocol", "tcp|udp|both", "TCP unless said otherwise.");
        _contiguous = AddFlag("--contiguous", "With --count: ports that follow one another.");
        _timeToLive = AddOption("--ttl", "10m", "How long the lease lives at most (ms, s, m, h, d); an hour if there is no --pid.");
        _processId = AddOption("--pid", "PID", "The process that the lease ends with, such as $$; none by default.");
    }

    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        IReadOnlyList<PortLeaseRequest> requests = ToRequests(parsed);
        CommandOutput output = OpenOutput(parsed);
        IReadOnlyList<PortLease> leases = NamedRequests.Acquire(OpenRegistry(parsed), requests);
        LeaseWarnings.Write(leases);
        try
        {
            Print(leases, output);
        }
        catch (IOException) when (!requests[0].Reuse)
        {
            // Nobody learned of these leases, so nobody would give them back.
            GiveBack(leases);
            throw;
        }

        return ExitCodes.Done;
    }

    private IReadOnlyList<PortLeaseRequest> ToRequests(ParseResult parsed)
    {
        IReadOnlyList<string> names = _selection.GetNames(parsed);
        bool adopt = parsed.Has(_adopt);
        bool reuse = parsed.Has(_reuse);
        int? processId = parsed.GetNumber(_processId, 1, int.MaxValue);
        TimeSpan? timeToLive = parsed.GetDuration(_timeToLive);
        bool ownerless = processId is null && !adopt;
        var common = new PortLeaseRequest
        {
            Reuse = reuse,
            Adopt = adopt,
            Exclude = parsed.GetRanges(_exclude),
            Protocol = parsed.GetProtocol(_protocol),
            Contiguous = parsed.Has(_contiguous),
            TimeToLive = timeToLive ?? (ownerless ? DefaultTimeToLive : null),
            Owner = adopt ? PortLeaseOwner.CurrentProcess : processId is { } id ? PortLeaseOwner.Process(id) : PortLeaseOwner.None,
        };
        IReadOnlyList<PortLeaseRequest> requests = _selection.ToRequests(parsed, names, common);
        if (adopt && (requests.Any(static request => request.Port == 0) || processId is not null))
        {
            throw new UsageException("--adopt takes --port PORT, and no --pid: the process that listens becomes the owner.");
        }

        return reuse && (names.Count == 0 || processId is null)
            ? throw new UsageException("--reuse takes --name NAME and --pid PID: a lease is found again by its name and owner, such as --pid $$.")
            : requests;
    }

    private static void Print(IReadOnlyList<PortLease> leases, CommandOutput output)
    {
        if (output.Json)
        {
            PrintJson(leases, output);
            return;
        }

        for (int i = 0; i < leases.Count; i++)
        {
            output.WriteLine(leases[i].Port.ToString(CultureInfo.InvariantCulture));
        }
    }

    // Apart, so that the JSON library is loaded only when it is needed.
    private static void PrintJson(IReadOnlyList<PortLease> leases, CommandOutput output) =>
        output.WriteArray(leases, LeaseJson.WriteWithToken);

    private static void GiveBack(IReadOnlyList<PortLease> leases)
    {
        for (int i = 0; i < leases.Count; i++)
        {
            leases[i].Dispose();
        }
    }
}

using System.CommandLine;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Leases;

namespace PortMgmt.Cli.Commands;

/// <summary><c>lease list</c>: who has which port.</summary>
internal sealed class LeaseListCommand : CliCommand
{
    private readonly Option<string> _name;
    private readonly Option<string> _scope;
    private readonly Option<string> _port;
    private readonly Option<string> _state;
    private readonly Option<string> _listeners;

    /// <summary>Makes the verb.</summary>
    public LeaseListCommand(GlobalOptions globals)
        : base("list", "List leases.", globals)
    {
        _name = AddOption("--name", "PATTERN", "Only these names; * and ? stand for any characters and for one.");
        _scope = AddOption("--scope", "SCOPE", "Only this scope; * and ? stand for any characters and for one, auto for the nearest directory with .git. With --name: PORTMGMT_SCOPE unless said, else none.");
        _port = AddOption("--port", "PORT", "Only this port.");
        _state = AddOption("--state", "active|stale|quarantined", "Only this state; active and stale unless said.");
        _listeners = AddFlag("--listeners", "Show who listens on each port, and mark those who are not the owner.");
    }

    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        bool withListeners = parsed.Has(_listeners);
        string? scope = parsed.GetValue(_scope);
        var filter = new PortLeaseFilter
        {
            Name = parsed.GetText(_name),
            NameIsPattern = true,
            Scope = scope,
            ScopeIsPattern = scope is not null && scope.AsSpan().ContainsAny('*', '?'),
            Port = parsed.GetNumber(_port, 1, 65535),
            State = StateOf(parsed.GetText(_state)),
            IncludeListener = withListeners,
        };
        CommandOutput output = OpenOutput(parsed);
        IReadOnlyList<PortLease> leases = OpenRegistry(parsed).GetLeases(filter);
        if (output.Json)
        {
            output.WriteArray(leases, withListeners ? LeaseJson.WriteWithListener : LeaseJson.Write);
        }
        else
        {
            output.WriteTable(LeaseListing.Create(leases, withListeners), "No leases.");
        }

        return ExitCodes.Done;
    }

    private static PortLeaseState? StateOf(string? text) => text switch
    {
        null => null,
        "active" => PortLeaseState.Active,
        "stale" => PortLeaseState.Stale,
        "quarantined" => PortLeaseState.Quarantined,
        _ => throw new UsageException($"'{text}' is no state for --state. Write active, stale or quarantined."),
    };
}

using System.CommandLine;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Leases;

namespace PortMgmt.Cli.Commands;

/// <summary><c>lease list</c>: who has which port.</summary>
internal sealed class LeaseListCommand : CliCommand
{
    private readonly Argument<string> _lease = new("LEASE") { Description = "Only this port, or else only these names.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _name;
    private readonly Option<string> _scope;
    private readonly Option<string> _port;
    private readonly Option<string> _state;
    private readonly Option<string> _listeners;

    /// <summary>Makes the verb.</summary>
    public LeaseListCommand(GlobalOptions globals)
        : base("list", "List leases.", globals)
    {
        Arguments.Add(_lease);
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
        string? name = parsed.GetText(_name);
        int? port = parsed.GetNumber(_port, 1, 65535);
        if (parsed.GetText(_lease) is { } lease)
        {
            bool isPort = lease.All(char.IsAsciiDigit);
            if (isPort ? port is not null : name is not null)
            {
                throw new UsageException($"'{lease}' says what {(isPort ? _port.Name : _name.Name)} says, too. Give one of them.");
            }

            name = isPort ? name : lease;
            port = isPort ? ParseResultExtensions.ParseNumber(lease, "LEASE", 1, 65535) : port;
        }

        var filter = new PortLeaseFilter
        {
            Name = name,
            NameIsPattern = true,
            Scope = scope,
            ScopeIsPattern = scope is not null && scope.AsSpan().ContainsAny('*', '?'),
            Port = port,
            State = StateOf(parsed.GetText(_state)),
            IncludeListener = withListeners,
        };
        CommandOutput output = OpenOutput(parsed);
        IReadOnlyList<PortLease> leases = OpenToRead(parsed).GetLeases(filter);
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

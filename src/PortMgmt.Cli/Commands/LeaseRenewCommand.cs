using System.CommandLine;
using PortMgmt.Cli.Parsing;
using PortMgmt.Leases;

namespace PortMgmt.Cli.Commands;

/// <summary><c>lease renew</c>: a new time to live from now on.</summary>
internal sealed class LeaseRenewCommand : CliCommand
{
    private readonly LeaseSelector _selector = new();
    private readonly Option<string> _timeToLive;

    /// <summary>Makes the verb.</summary>
    public LeaseRenewCommand(GlobalOptions globals)
        : base("renew", "Give leases a new time to live, from now on.", globals)
    {
        _selector.AddTo(this);
        _timeToLive = AddOption("--ttl", "10m", "The new time to live (ms, s, m, h, d).");
    }

    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        TimeSpan timeToLive = parsed.GetDuration(_timeToLive)
            ?? throw new UsageException("For how long? Give --ttl with a duration, such as --ttl 10m.");
        PortRegistry registry = OpenRegistry(parsed);
        return LeaseChange.Apply(
            _selector.Find(parsed, registry),
            lease => registry.Renew(lease, timeToLive),
            OpenOutput(parsed));
    }
}

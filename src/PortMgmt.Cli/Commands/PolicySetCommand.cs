using System.CommandLine;
using PortMgmt.Cli.Parsing;
using PortMgmt.Leases;

namespace PortMgmt.Cli.Commands;

/// <summary><c>policy set</c>: changes what is given and leaves the rest.</summary>
internal sealed class PolicySetCommand : CliCommand
{
    private const string None = "none";

    private readonly Option<string> _range;
    private readonly Option<string> _exclude;
    private readonly Option<string> _maxTimeToLive;
    private readonly Option<string[]> _reserve;
    private readonly Option<string[]> _unreserve;

    /// <summary>Makes the verb.</summary>
    public PolicySetCommand(GlobalOptions globals)
        : base("set", "Change the registry's policy; what is not given stays as it is.", globals)
    {
        _range = AddOption("--range", "A-B", "Where ports are looked for when nothing else is said.");
        _exclude = AddOption("--exclude", "LIST|none", "Ports that are never handed out, such as 8080,9000-9099.");
        _maxTimeToLive = AddOption("--max-ttl", "1d|none", "The longest time to live of a lease.");
        _reserve = new Option<string[]>("--reserve") { HelpName = "NAME=PORT", Description = "Keep a port for a name; may be given several times." };
        _unreserve = new Option<string[]>("--unreserve") { HelpName = "NAME", Description = "Keep no port for that name any more; may be given several times." };
        Options.Add(_reserve);
        Options.Add(_unreserve);
    }

    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        if (!Options.Any(option => parsed.GetResult(option) is not null))
        {
            throw new UsageException("Nothing to set. Give at least one of --range, --exclude, --max-ttl, --reserve and --unreserve.");
        }

        PortPolicy changed = OpenRegistry(parsed).ChangePolicy(policy => Change(policy, parsed));
        PolicyCommand.Print(changed, OpenOutput(parsed));
        return ExitCodes.Done;
    }

    private PortPolicy Change(PortPolicy policy, ParseResult parsed)
    {
        string? exclude = parsed.GetText(_exclude);
        string? maxTimeToLive = parsed.GetText(_maxTimeToLive);
        PortPolicy changed = parsed.GetRange(_range) is { } range ? policy with { DefaultRange = range } : policy;
        return changed with
        {
            Exclude = exclude is null ? policy.Exclude : exclude == None ? [] : parsed.GetRanges(_exclude),
            MaxTimeToLive = maxTimeToLive is null ? policy.MaxTimeToLive : maxTimeToLive == None ? null : parsed.GetDuration(_maxTimeToLive),
            Reservations = Reservations(policy, parsed),
        };
    }

    private Dictionary<string, int> Reservations(PortPolicy policy, ParseResult parsed)
    {
        var reservations = new Dictionary<string, int>(policy.Reservations, StringComparer.OrdinalIgnoreCase);
        foreach (string name in parsed.GetValue(_unreserve) ?? [])
        {
            if (!reservations.Remove(name))
            {
                throw new UsageException($"No port is kept for '{name}', so --unreserve has nothing to end. 'portmgmt policy' shows the reservations.");
            }
        }

        foreach (string text in parsed.GetValue(_reserve) ?? [])
        {
            int separator = text.LastIndexOf('=');
            reservations[separator > 0 ? text[..separator] : throw new UsageException($"'{text}' is no reservation for --reserve. Write NAME=PORT, such as web=8080.")]
                = ParseResultExtensions.ParseNumber(text[(separator + 1)..], "--reserve", 1, 65535);
        }

        return reservations;
    }
}

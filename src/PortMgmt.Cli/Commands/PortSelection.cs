using System.CommandLine;
using PortMgmt.Cli.Parsing;
using PortMgmt.Leases;
using PortMgmt.Ports;

namespace PortMgmt.Cli.Commands;

/// <summary>The options of <c>run</c> and <c>lease new</c> that say which port is wanted.</summary>
internal sealed class PortSelection
{
    private readonly Option<string> _name = new("--name") { HelpName = "NAME", Description = "A label: 1 to 64 letters, digits and . _ : / @ -; it tends to get the same port back." };
    private readonly Option<string> _scope = new("--scope") { HelpName = "SCOPE", Description = "What the name belongs to, such as a path; auto for the nearest directory with .git. PORTMGMT_SCOPE unless said, '' for none." };
    private readonly Option<string> _port = new("--port") { HelpName = "PORT", Description = "Exactly this port, or fail; 0 for any." };
    private readonly Option<string> _prefer = new("--prefer") { HelpName = "PORTS", Description = "The first of these ports that can be had, such as 9910,9912, else another." };
    private readonly Option<string> _range = new("--range") { HelpName = "A-B", Description = "Where to look, instead of the policy's range." };
    private readonly Option<string> _count = new("--count") { HelpName = "N", Description = "How many ports, 1 to 1000; all of them or none." };

    /// <summary>Gives a verb these options.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_name);
        command.Options.Add(_scope);
        command.Options.Add(_port);
        command.Options.Add(_prefer);
        command.Options.Add(_range);
        command.Options.Add(_count);
    }

    /// <summary>The request that the options make.</summary>
    /// <exception cref="UsageException">A value is not valid, or two exclude each other.</exception>
    public PortLeaseRequest ToRequest(ParseResult parsed)
    {
        int port = parsed.GetNumber(_port, 0, 65535) ?? 0;
        int[] preferred = [.. (parsed.GetText(_prefer)?.Split(',') ?? []).Select(text => ParseResultExtensions.ParseNumber(text, _prefer.Name, 0, 65535))];
        PortRange? range = parsed.GetRange(_range);
        if ((port != 0 ? 1 : 0) + (preferred.Any(static wish => wish != 0) ? 1 : 0) + (range is null ? 0 : 1) > 1)
        {
            throw new UsageException("--port, --prefer and --range exclude each other. Give one of them.");
        }

        return new PortLeaseRequest
        {
            Name = parsed.GetText(_name),
            Scope = parsed.GetValue(_scope),
            Port = port,
            PreferredPorts = preferred,
            Range = range,
            Count = parsed.GetNumber(_count, 1, 1000) ?? 1,
        };
    }
}

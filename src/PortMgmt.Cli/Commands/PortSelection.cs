using System.CommandLine;
using PortMgmt.Cli.Parsing;
using PortMgmt.Heads;
using PortMgmt.Leases;
using PortMgmt.Ports;

namespace PortMgmt.Cli.Commands;

/// <summary>The options of <c>run</c> and <c>lease new</c> that say which port is wanted.</summary>
internal sealed class PortSelection
{
    private readonly Argument<string[]> _argument = new("NAME") { Description = "The same as --name, once or several times.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string[]> _name = new("--name") { HelpName = "NAME", Description = "A label: 1 to 64 letters, digits and . _ : / @ -; it tends to get the same port back. Given several times: a lease for each, all or none." };
    private readonly Option<string> _scope = new("--scope") { HelpName = "SCOPE", Description = "What the name belongs to, such as a path; auto for the nearest directory with .git. PORTMGMT_SCOPE unless said, '' for none." };
    private readonly Option<string> _port = new("--port") { HelpName = "PORT", Description = "Exactly this port, or fail; 0 for any. As many as there are names: 8080,8081." };
    private readonly Option<string> _prefer = new("--prefer") { HelpName = "PORTS", Description = "The first of these ports that can be had, such as 9910,9912, else another. With several names one for each, 0 for none." };
    private readonly Option<string> _range = new("--range") { HelpName = "A-B", Description = "Where to look, instead of the policy's range." };
    private readonly Option<string> _count = new("--count") { HelpName = "N", Description = "How many ports for one name, 1 to 1000; all of them or none." };

    /// <summary>Gives a verb the argument and these options.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_argument);
        command.Options.Add(_name);
        command.Options.Add(_scope);
        command.Options.Add(_port);
        command.Options.Add(_prefer);
        command.Options.Add(_range);
        command.Options.Add(_count);
    }

    /// <summary>The names, as arguments or by option.</summary>
    /// <exception cref="UsageException">One is empty, there are some of both, or an argument is a number.</exception>
    public IReadOnlyList<string> GetNames(ParseResult parsed)
    {
        IReadOnlyList<string> arguments = parsed.GetTexts(_argument);
        IReadOnlyList<string> options = parsed.GetTexts(_name);
        if (arguments.Count > 0 && options.Count > 0)
        {
            throw new UsageException($"Names are given in two ways, '{arguments[0]}' as an argument and '{options[0]}' by --name. Give all of them in one way.");
        }

        // A number is a port to whoever reads it, and any one would be leased.
        return arguments.FirstOrDefault(static name => name.All(char.IsAsciiDigit)) is { } number
            ? throw new UsageException($"'{number}' is a number: did you mean --port {number}? A name of digits alone is given by --name {number}.")
            : arguments.Count > 0 ? arguments : options;
    }

    /// <summary>The scope that was asked for; null for none.</summary>
    public string? GetScope(ParseResult parsed) => parsed.GetValue(_scope);

    /// <summary>Refuses what an option says already that names ports in another way.</summary>
    /// <exception cref="UsageException">One of them is there.</exception>
    public void RefuseBeside(ParseResult parsed, string option)
    {
        string? other = parsed.GetTexts(_argument) is [var name, ..] ? $"the name '{name}'"
            : new Option[] { _name, _port, _prefer, _range, _count }.FirstOrDefault(mine => parsed.GetResult(mine) is not null)?.Name;
        if (other is not null)
        {
            throw new UsageException($"{option} and {other} exclude each other: the project file says which ports there are. Give one of them.");
        }
    }

    /// <summary>The requests that the options make, one for each name, or a single one.</summary>
    /// <param name="parsed">The options.</param>
    /// <param name="names">The names.</param>
    /// <param name="common">What else is wanted of all of them.</param>
    /// <exception cref="UsageException">A value is not valid, or two exclude each other.</exception>
    /// <exception cref="PortRegistryException">There are not as many values as names, or a name is there twice.</exception>
    public IReadOnlyList<PortLeaseRequest> ToRequests(ParseResult parsed, IReadOnlyList<string> names, PortLeaseRequest common)
    {
        int[] ports = parsed.GetNumbers(_port, 0, 65535);
        int[] preferred = parsed.GetNumbers(_prefer, 0, 65535);
        PortRange? range = parsed.GetRange(_range);
        if ((ports.Any(IsGiven) ? 1 : 0) + (preferred.Any(IsGiven) ? 1 : 0) + (range is null ? 0 : 1) > 1)
        {
            throw new UsageException("--port, --prefer and --range exclude each other. Give one of them.");
        }

        PortLeaseRequest request = common with { Scope = parsed.GetValue(_scope), Range = range, Count = parsed.GetNumber(_count, 1, 1000) ?? 1 };
        return new NamedRequests(_port.Name, _prefer.Name, _count.Name).Create(request, names, ports, preferred);
    }

    private static bool IsGiven(int port) => port != 0;
}

using System.CommandLine;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Leases;

namespace PortMgmt.Cli.Commands;

/// <summary>A verb that does something: reads its options, calls the core once, and prints.</summary>
internal abstract class CliCommand : Command
{
    private readonly GlobalOptions _globals;

    /// <summary>Makes the verb.</summary>
    protected CliCommand(string name, string description, GlobalOptions globals)
        : base(name, description)
    {
        _globals = globals;
        SetAction(Execute);
    }

    /// <summary>Whether a command stands behind <c>--</c>.</summary>
    public virtual bool TakesCommand => false;

    /// <summary>Does the work.</summary>
    /// <returns>The exit code.</returns>
    protected abstract int Execute(ParseResult parsed);

    /// <summary>The registry that the caller means.</summary>
    protected PortRegistry OpenRegistry(ParseResult parsed)
    {
        var options = new PortRegistryOptions { Directory = parsed.GetText(_globals.Registry) };
        return PortRegistry.Open(parsed.GetDuration(_globals.LockTimeout) is { } timeout ? options with { LockTimeout = timeout } : options);
    }

    /// <summary>The same, for verbs that only read: says so where the caller named a directory that nobody has made a registry of.</summary>
    protected PortRegistry OpenToRead(ParseResult parsed)
    {
        PortRegistry registry = OpenRegistry(parsed);
        if (parsed.GetText(_globals.Registry) is not null && !registry.IsMade)
        {
            ErrorLine.Warn($"There is no registry in '{registry.Directory}': nothing was ever leased there. Check the directory; 'portmgmt lease new' makes a registry.");
        }

        return registry;
    }

    /// <summary>Standard output in the form that the caller asked for.</summary>
    protected CommandOutput OpenOutput(ParseResult parsed) =>
        new(StandardStream.OpenOutput(), parsed.Has(_globals.Json));

    /// <summary>Whether the caller asked for JSON.</summary>
    protected bool IsJson(ParseResult parsed) => parsed.Has(_globals.Json);

    /// <summary>The registry's directory if the caller named one.</summary>
    protected string? RegistryDirectory(ParseResult parsed) => parsed.GetText(_globals.Registry);

    /// <summary>A new option with a value.</summary>
    protected Option<string> AddOption(string name, string helpName, string description)
    {
        var option = new Option<string>(name) { HelpName = helpName, Description = description };
        Options.Add(option);
        return option;
    }

    /// <summary>A new option that is there or not.</summary>
    protected Option<string> AddFlag(string name, string description)
    {
        Option<string> option = Flag.Create(name, description);
        Options.Add(option);
        return option;
    }
}

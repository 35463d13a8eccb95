using System.CommandLine;
using PortMgmt.Cli.Parsing;

namespace PortMgmt.Cli.Commands;

/// <summary>The options that every verb has, before or after its name.</summary>
internal sealed class GlobalOptions
{
    /// <summary>The registry's directory.</summary>
    public Option<string> Registry { get; } = new("--registry")
    {
        HelpName = "DIR",
        Description = "The registry's directory, instead of PORTMGMT_REGISTRY, the machine's or the user's.",
        Recursive = true,
    };

    /// <summary>The longest wait for the registry's lock.</summary>
    public Option<string> LockTimeout { get; } = new("--lock-timeout")
    {
        HelpName = "30s",
        Description = "How long to wait in all while others use the registry, 0 for not at all; PORTMGMT_LOCK_TIMEOUT or a minute unless given.",
        Recursive = true,
    };

    /// <summary>JSON for programs instead of text for people.</summary>
    public Option<string> Json { get; } = Flag.Create("--json", "Print an array of JSON objects.", recursive: true);

    /// <summary>Help on any verb. The parser's own help option would be compiled at every start (see <see cref="Flag"/>).</summary>
    public Option<string> Help { get; } = Flag.Create("--help", "Show what there is to say.", recursive: true, "-h", "-?");

    /// <summary>The version.</summary>
    public Option<string> Version { get; } = Flag.Create("--version", "Show the version.");

    /// <summary>Gives the root these options.</summary>
    public void AddTo(Command root)
    {
        Help.Action = new PrintHelpAction();
        Version.Action = new VersionAction();
        root.Options.Add(Registry);
        root.Options.Add(LockTimeout);
        root.Options.Add(Json);
        root.Options.Add(Help);
        root.Options.Add(Version);
    }
}

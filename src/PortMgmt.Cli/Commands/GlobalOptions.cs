using System.CommandLine;

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

    /// <summary>JSON for programs instead of text for people.</summary>
    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print an array of JSON objects.",
        Recursive = true,
    };
}

using System.CommandLine;

namespace PortMgmt.Cli.Parsing;

/// <summary>
/// An option that is there or not. Not an <c>Option&lt;bool&gt;</c>: the parser's generics over value types cannot be compiled
/// ahead of time, and loading the just-in-time compiler for them took 6 of the 25 ms that a process start may add.
/// </summary>
internal static class Flag
{
    /// <summary>Makes the option.</summary>
    public static Option<string> Create(string name, string description, bool recursive = false, params string[] aliases) =>
        new(name, aliases) { Description = description, Arity = ArgumentArity.Zero, Recursive = recursive };

    /// <summary>Whether the option was given.</summary>
    public static bool Has(this ParseResult parsed, Option<string> flag) => parsed.GetResult(flag) is not null;
}

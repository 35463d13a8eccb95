using System.CommandLine;
using PortMgmt.Cli.Commands;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Operations;
using PortMgmt.Ports;

namespace PortMgmt.Cli;

/// <summary>From arguments to exit code: parses, runs the verb, and turns every expected failure into one line and a code.</summary>
internal static class CommandLineApplication
{
    // Nothing here may come from a file named on the command line: '@name' is an ordinary value.
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };

    // No signal handlers: a signal ends this process at once, which the registry is built for, and `run` must not change any.
    private static readonly InvocationConfiguration Invocation = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };

    /// <summary>Runs one command line.</summary>
    /// <param name="arguments">The arguments without the program's name.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments)
    {
        var split = ArgumentSplit.From(arguments);
        ParseResult parsed = CommandTree.Build(split).Parse(split.Own, Parser);
        try
        {
            OptionValues.Check(parsed);
            return parsed.Errors.Count == 0 || parsed.Action is PrintHelpAction or VersionAction
                ? parsed.Invoke(Invocation)
                : throw UsageException.From(parsed);
        }
        catch (Exception failure) when (failure is PortRegistryException or OperationException or UsageException or IOException)
        {
            ErrorLine.Write(failure.Message);
            return parsed.CommandResult.Command is RunCommand ? ExitCodes.RunFailed : ExitCodes.From(failure);
        }
    }
}

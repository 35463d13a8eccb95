using System.CommandLine;
using System.Runtime.Versioning;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Cli.Run;
using PortMgmt.Heads;
using PortMgmt.Leases;

namespace PortMgmt.Cli.Commands;

/// <summary><c>run</c>: leases ports, tells them to a command, and becomes it.</summary>
internal sealed class RunCommand : CliCommand
{
    private readonly string[]? _command;
    private readonly PortSelection _selection = new();
    private readonly Option<string> _variable;

    /// <summary>Makes the verb.</summary>
    /// <param name="globals">The options of every verb.</param>
    /// <param name="split">The arguments, with the command behind <c>--</c>.</param>
    public RunCommand(GlobalOptions globals, ArgumentSplit split)
        : base("run", "Lease ports, and run the command behind -- that learns them by PORT, PORT_1.., PORTS, and by {port} and {port:K} in its arguments.", globals)
    {
        _command = split.Command;
        _selection.AddTo(this);
        _variable = AddOption("--env", "VAR", "The variable for the first port, instead of PORT; the others are then VAR_1.. and VARS.");
    }

    /// <inheritdoc/>
    public override bool TakesCommand => true;

    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        if (_command is not { Length: > 0 })
        {
            throw new UsageException("Run what? Write the command behind --, such as: portmgmt run --name web -- ./server --port {port}");
        }

        string variable = ReadVariable(parsed);
        PortLeaseRequest request = _selection.ToRequest(parsed);
        string[] command = CommandArguments.Read(_command);

        // Before a port is taken: what cannot work must not cost one.
        ReplacePlaceholders(command, new int[request.Count]);
        try
        {
            return OperatingSystem.IsWindows()
                ? Run(parsed, request, variable, command, WindowsCommand.Run)
                : Become(parsed, request, variable, command);
        }
        catch (CommandFailedException failure)
        {
            ErrorLine.Write(failure.Message);
            return failure.ExitCode;
        }
    }

    private string ReadVariable(ParseResult parsed)
    {
        string name = parsed.GetText(_variable) ?? PortEnvironment.DefaultName;
        return PortEnvironment.IsName(name)
            ? name
            : throw new UsageException($"'{name}' is no environment variable for --env. {PortEnvironment.NameRule}");
    }

    [UnsupportedOSPlatform("windows")]
    private int Become(ParseResult parsed, PortLeaseRequest request, string variable, string[] command)
    {
        string path = ExecutablePath.Find(command[0], ProcessReplacement.Variable("PATH"));
        return Run(parsed, request, variable, command, process => ProcessReplacement.Execute(path, process));
    }

    private int Run(ParseResult parsed, PortLeaseRequest request, string variable, string[] command, Func<CommandProcess, int> start)
    {
        IReadOnlyList<PortLease> leases = OpenRegistry(parsed).AcquireMany(request);
        try
        {
            LeaseWarnings.Write(leases);
            int[] ports = [.. leases.Select(lease => lease.Port)];
            return start(new CommandProcess(command[0], ReplacePlaceholders(command, ports), PortEnvironment.GetVariables(variable, ports)));
        }
        finally
        {
            foreach (PortLease lease in leases)
            {
                lease.Dispose();
            }
        }
    }

    private static string[] ReplacePlaceholders(string[] command, int[] ports) =>
        [.. command.Skip(1).Select(argument => PortPlaceholders.Replace(argument, ports))];
}

using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Runtime.Versioning;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Cli.Run;
using PortMgmt.Heads;
using PortMgmt.Heads.Projects;
using PortMgmt.Leases;

namespace PortMgmt.Cli.Commands;

/// <summary><c>run</c>: leases ports, tells them to a command, and becomes it.</summary>
internal sealed class RunCommand : CliCommand
{
    private readonly string[]? _command;
    private readonly PortSelection _selection = new();
    private readonly Option<string> _variable;
    private readonly Option<string> _listen;
    private readonly Option<string> _project;

    /// <summary>Makes the verb.</summary>
    /// <param name="globals">The options of every verb.</param>
    /// <param name="split">The arguments, with the command behind <c>--</c>.</param>
    public RunCommand(GlobalOptions globals, ArgumentSplit split)
        : base("run", "Lease ports for a command, and become it. It stands behind --, and learns them by PORT, PORT_1.., PORTS, and by {port} and {port:K} in its arguments.", globals)
    {
        _command = split.Command;
        _selection.AddTo(this);
        _variable = AddOption("--env", "VAR", "The variable for the first port, instead of PORT; the others are then VAR_1.. and VARS. With several names each has its own as well: WEB_PORT for web.");
        _listen = AddOption("--listen", "ADDRESS", "Listen on the ports too, and hand the sockets over as systemd does (LISTEN_FDS); on every address, or with --listen=ADDRESS on that one. Without it, sockets that portmgmt itself was handed go on to the command.");
        _listen.Arity = ArgumentArity.ZeroOrOne;
        _project = AddOption("--project", "FILE", "Lease the ports of a project file, or of portmgmt.json in the current directory, and set its variables.");
        _project.Arity = ArgumentArity.ZeroOrOne;
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

        string[] command = CommandArguments.Read(_command);
        RunPorts ports = ReadPorts(parsed);

        // Before a port is taken: what cannot work must not cost one.
        ReplacePlaceholders(command, new int[ports.Count]);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                return parsed.Has(_listen)
                    ? throw new UsageException("--listen hands sockets over to the process that portmgmt becomes, which Windows does not have. Leave it out, and let the program listen on {port} itself.")
                    : RunHere(parsed, ports, command);
            }

            return Become(parsed, ports, command);
        }
        catch (CommandFailedException failure)
        {
            ErrorLine.Write(failure.Message);
            return failure.ExitCode;
        }
    }

    private RunPorts ReadPorts(ParseResult parsed)
    {
        string? given = parsed.GetText(_variable);
        string variable = given ?? PortEnvironment.DefaultName;
        if (PortEnvironment.FindFault(variable) is { } fault)
        {
            throw new UsageException($"--env: {fault}");
        }

        if (parsed.Has(_project))
        {
            return ReadProject(parsed, given);
        }

        IReadOnlyList<string> names = _selection.GetNames(parsed);
        return RunPorts.Create(_selection.ToRequests(parsed, names, new PortLeaseRequest()), variable, PortEnvironment.ForNames(names));
    }

    private RunPorts ReadProject(ParseResult parsed, string? variable)
    {
        _selection.RefuseBeside(parsed, _project.Name);
        var project = ProjectFile.Read(parsed.GetText(_project) ?? ".");
        IReadOnlyList<PortLeaseRequest> requests = project.MakeRequests(OpenRegistry(parsed), _selection.GetScope(parsed), new PortLeaseRequest());

        // A variable that the file gives to a name is that name's; PORT is for programs that know nothing of the file.
        variable ??= PortEnvironment.FindClash(PortEnvironment.DefaultName, project.Variables) is null ? PortEnvironment.DefaultName : null;
        return RunPorts.Create(requests, variable, project.Variables);
    }

    [UnsupportedOSPlatform("windows")]
    private int Become(ParseResult parsed, RunPorts ports, string[] command)
    {
        string path = ExecutablePath.Find(command[0], ProcessReplacement.Variable("PATH"));
        return parsed.Has(_listen)
            ? RunListening(parsed, ports, command, path)
            : Run(parsed, ports, command, process => ProcessReplacement.Execute(path, process));
    }

    [UnsupportedOSPlatform("windows")]
    private int RunListening(ParseResult parsed, RunPorts ports, string[] command, string path)
    {
        RequireNoInherited();
        IReadOnlyList<ListeningPort> listening = NamedRequests.Listen(OpenRegistry(parsed), ports.Requests, ReadAddress(parsed));
        try
        {
            PortLease[] leases = [.. listening.Select(port => port.Lease)];
            LeaseWarnings.Write(leases);
            return ProcessReplacement.Execute(path, MakeProcess(leases, ports, command), new SocketHandover(listening));
        }
        finally
        {
            foreach (ListeningPort port in listening)
            {
                port.Dispose();
            }
        }
    }

    // Whose LISTEN_PID is another's is left over from a process before, and replaced.
    [UnsupportedOSPlatform("windows")]
    private static void RequireNoInherited()
    {
        string? count = ProcessReplacement.Variable("LISTEN_FDS");
        if (!string.IsNullOrEmpty(count) && ProcessReplacement.Variable("LISTEN_PID") == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
        {
            throw new UsageException($"portmgmt was handed sockets itself (LISTEN_FDS={count}), whose place those of --listen would take. Leave --listen out to hand them on to the command, or unset LISTEN_FDS.");
        }
    }

    private IPAddress? ReadAddress(ParseResult parsed)
    {
        string? text = parsed.GetText(_listen);
        return string.IsNullOrEmpty(text) ? null
            : IPAddress.TryParse(text, out IPAddress? address) ? address
            : throw new UsageException($"'{text}' is no address for --listen: write one of IPv4 or IPv6, such as --listen=127.0.0.1, or --listen alone for every address.");
    }

    [SupportedOSPlatform("windows")]
    private int RunHere(ParseResult parsed, RunPorts ports, string[] command)
    {
        string path = WindowsCommand.Find(command[0]);
        WindowsCommand.Prepare(path, command.Skip(1));
        return Run(parsed, ports, command, process => WindowsCommand.Run(path, process));
    }

    private int Run(ParseResult parsed, RunPorts ports, string[] command, Func<CommandProcess, int> start)
    {
        IReadOnlyList<PortLease> leases = NamedRequests.Acquire(OpenRegistry(parsed), ports.Requests);
        try
        {
            LeaseWarnings.Write(leases);
            return start(MakeProcess(leases, ports, command));
        }
        finally
        {
            foreach (PortLease lease in leases)
            {
                lease.Dispose();
            }
        }
    }

    private static CommandProcess MakeProcess(IReadOnlyList<PortLease> leases, RunPorts ports, string[] command)
    {
        int[] numbers = [.. leases.Select(lease => lease.Port)];
        return new CommandProcess(command[0], ReplacePlaceholders(command, numbers), ports.GetVariables(numbers));
    }

    private static string[] ReplacePlaceholders(string[] command, int[] ports) =>
        [.. command.Skip(1).Select(argument => PortPlaceholders.Replace(argument, ports))];
}

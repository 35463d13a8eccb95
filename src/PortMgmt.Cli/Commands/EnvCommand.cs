using System.CommandLine;
using System.Text.Json;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Cli.Run;
using PortMgmt.Heads;
using PortMgmt.Heads.Projects;
using PortMgmt.Leases;

namespace PortMgmt.Cli.Commands;

/// <summary><c>env</c>: leases the ports of a project and prints the variables that have them.</summary>
internal sealed class EnvCommand : CliCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "The same as --project.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _project;
    private readonly Option<string> _format;
    private readonly Option<string> _scope;
    private readonly Option<string> _timeToLive;
    private readonly Option<string> _processId;

    /// <summary>Makes the verb.</summary>
    public EnvCommand(GlobalOptions globals)
        : base("env", "Lease the ports of a project, and print them as variables. Again, it prints the same: a name that has a live lease of that process, or of that user where there is none, keeps it.", globals)
    {
        Arguments.Add(_file);
        _project = AddOption("--project", "FILE", "The project file, or its directory; portmgmt.json in the current directory unless said.");
        _format = AddOption("--format", "dotenv|json|pwsh|sh", "WEB_PORT=8080 (dotenv, unless said), one JSON object, or lines that set the variables in PowerShell or a POSIX shell.");
        _scope = AddOption("--scope", "SCOPE", "What the names belong to, such as a path; auto for the nearest directory with .git. PORTMGMT_SCOPE unless said, then what the file says, then its directory.");
        _processId = AddOption("--pid", "PID", "The process that the leases end with, such as $$; unless said, the one that called, or none with --ttl.");
        _timeToLive = AddOption("--ttl", "10m", "How long the leases live at most (ms, s, m, h, d).");
    }

    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        EnvironmentFormat format = ReadFormat(parsed);
        TimeSpan? timeToLive = parsed.GetDuration(_timeToLive);
        PortLeaseOwner owner = ReadOwner(parsed, timeToLive is not null);
        CommandOutput output = OpenOutput(parsed);
        var project = ProjectFile.Read(parsed.GetText(_file, _project) ?? ".");
        PortRegistry registry = OpenRegistry(parsed);
        var common = new PortLeaseRequest { Reuse = true, ReusesOwnerless = owner == PortLeaseOwner.None, Owner = owner, TimeToLive = timeToLive };
        IReadOnlyList<PortLease> leases = registry.AcquireAll(project.MakeRequests(registry, parsed.GetValue(_scope), common));
        LeaseWarnings.Write(leases);
        if (output.Json)
        {
            PrintJson(project, leases, output);
            return ExitCodes.Done;
        }

        int[] ports = [.. leases.Select(static lease => lease.Port)];
        foreach (string line in EnvironmentText.Write(format, PortEnvironment.GetVariables(null, project.Variables, ports)))
        {
            output.WriteLine(line);
        }

        return ExitCodes.Done;
    }

    private EnvironmentFormat ReadFormat(ParseResult parsed) => parsed.GetText(_format) switch
    {
        null => EnvironmentFormat.Dotenv,
        _ when IsJson(parsed) => throw new UsageException("--json prints the leases, and --format the variables. Give one of them; --format json is one object of variables."),
        "dotenv" => EnvironmentFormat.Dotenv,
        "json" => EnvironmentFormat.Json,
        "pwsh" => EnvironmentFormat.PowerShell,
        "sh" => EnvironmentFormat.Shell,
        string other => throw new UsageException($"'{other}' is no format for --format. Write dotenv, json, pwsh or sh."),
    };

    /// <summary>Whose life the leases are tied to: this process ends at once.</summary>
    private PortLeaseOwner ReadOwner(ParseResult parsed, bool isLimited)
    {
        if (parsed.GetNumber(_processId, 1, int.MaxValue) is { } id)
        {
            return PortLeaseOwner.Process(id);
        }

        if (isLimited)
        {
            return PortLeaseOwner.None;
        }

        int parent = OperatingSystem.IsWindows() ? 0 : LibC.GetParent();
        return parent > 0
            ? PortLeaseOwner.Process(parent)
            : throw new UsageException("For how long? The process that called is not known here. Give --pid with the process that the leases end with, or --ttl with a duration.");
    }

    // Apart, so that the JSON library's writer is loaded only when it is needed.
    private static void PrintJson(ProjectFile project, IReadOnlyList<PortLease> leases, CommandOutput output)
    {
        Tuple<string, PortLease>[] rows = [.. leases.Select((lease, i) => Tuple.Create(project.Ports[i].Variable, lease))];
        output.WriteArray(rows, Write);
    }

    private static void Write(Utf8JsonWriter writer, Tuple<string, PortLease> row)
    {
        writer.WriteString("variable", row.Item1);
        LeaseJson.Write(writer, row.Item2);
    }
}

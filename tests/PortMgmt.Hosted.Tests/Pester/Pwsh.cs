using System.Diagnostics;
using System.Text;
using PortMgmt.TestKit.Processes;

namespace PortMgmt.Hosted.Tests.Pester;

/// <summary>The engine that runs the files of tests/pester, as a program: the one from the packages, or the one that a variable names.</summary>
internal static class Pwsh
{
    /// <summary>What the tests themselves read: the module to test, whether to link a native program, and how long to go on. Nothing else that concerns the product may reach them.</summary>
    private static readonly string[] ForTests = ["PORTMGMT_MODULE", "PORTMGMT_NATIVE", "PORTMGMT_SOAK"];

    private static readonly Lazy<string[]> Command = new(FindCommand);

    /// <summary>Runs a script, kills it with all its children when its time is over.</summary>
    public static PwshResult Run(TimeSpan limit, string script, params string[] arguments)
    {
        ProcessStartInfo start = Prepare(Command.Value, ["-File", script, .. arguments]);
        start.Environment["NO_COLOR"] = "1";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["PSModulePath"] = ModulePath();

        ShortLived.Prepare(start);
        foreach (string name in start.Environment.Keys.Where(static name => name.StartsWith("PORTMGMT_", StringComparison.Ordinal) && !ForTests.Contains(name)).ToArray())
        {
            start.Environment.Remove(name);
        }

        return Run(start, limit);
    }

    private static string[] FindCommand()
    {
        if (PowerShellProgram.Named is { } named)
        {
            Demand76(named);
        }

        return PowerShellProgram.Command;
    }

    private static void Demand76(string program)
    {
        PwshResult result = Run(Prepare([program], ["-Command", "'{0}.{1}' -f $PSVersionTable.PSVersion.Major, $PSVersionTable.PSVersion.Minor"]), TimeSpan.FromMinutes(2));
        if (result.ExitCode != 0 || !Version.TryParse(result.Output.Trim(), out Version? version) || version < new Version(7, 6))
        {
            throw new InvalidOperationException($"{PowerShellProgram.Variable} names {program}, which is no pwsh of 7.6 or later: {result.Output.Trim()}");
        }
    }

    /// <summary>The Pester of the packages comes first, for shells that the tests start as well.</summary>
    private static string ModulePath()
    {
        string own = Path.Combine(AppContext.BaseDirectory, "modules");
        return Environment.GetEnvironmentVariable("PSModulePath") is { Length: > 0 } others ? own + Path.PathSeparator + others : own;
    }

    private static ProcessStartInfo Prepare(string[] command, string[] arguments) => new(command[0], [.. command[1..], "-NoProfile", "-NonInteractive", .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        RedirectStandardInput = true,
    };

    private static PwshResult Run(ProcessStartInfo start, TimeSpan limit)
    {
        var output = new StringBuilder();
        using Process process = new() { StartInfo = start };
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        bool ended = process.WaitForExit(limit);
        if (!ended)
        {
            process.Kill(entireProcessTree: true);
        }

        process.WaitForExit();
        lock (output)
        {
            return new PwshResult(ended ? process.ExitCode : null, output.ToString());
        }
    }

    private static void Append(StringBuilder output, string? line)
    {
        lock (output)
        {
            if (line is not null)
            {
                output.AppendLine(line);
            }
        }
    }
}

using System.Diagnostics;
using System.Text;

namespace PortMgmt.Hosted.Tests.Pester;

/// <summary>The pwsh of this machine, if it has one that can run the tests.</summary>
internal static class Pwsh
{
    private const string Probe =
        "$pester = Get-Module -ListAvailable -Name Pester | Sort-Object -Property Version -Descending | Select-Object -First 1;" +
        "if ($PSVersionTable.PSVersion -lt [version]'7.6') { \"pwsh $($PSVersionTable.PSVersion) is older than 7.6\" }" +
        "elseif (-not $pester) { 'pwsh has no Pester (Install-Module Pester)' }" +
        "elseif ($pester.Version -lt [version]'5.7') { \"Pester $($pester.Version) is older than 5.7 (Install-Module Pester -Force)\" }" +
        "else { 'ready' }";

    /// <summary>Runs a command, kills it with all its children when its time is over.</summary>
    public static PwshResult Run(string command, TimeSpan limit)
    {
        var start = new ProcessStartInfo("pwsh", ["-NoProfile", "-NonInteractive", "-Command", command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["NO_COLOR"] = "1";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment.Remove("PORTMGMT_REGISTRY");

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

    /// <summary>Why the tests cannot run; null when they can.</summary>
    public static string? FindObstacle()
    {
        try
        {
            string answer = Run(Probe, TimeSpan.FromMinutes(2)).Output.Trim();
            return answer == "ready" ? null : answer;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "there is no pwsh on PATH";
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

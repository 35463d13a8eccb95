using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PortMgmt.Tests.Listeners;

/// <summary>A child process that listens until it is disposed of.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _launched;

    private ChildProcess(Process launched) => _launched = launched;

    public int Port { get; private init; }

    public int Id => _launched.Id;

    /// <summary>Starts the test process and waits until it listens.</summary>
    /// <param name="launcher">A program that becomes the command given to it, with its options; empty for none.</param>
    /// <param name="arguments">The arguments of the verb.</param>
    public static ChildProcess Listen(string[] launcher, params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "PortMgmt.TestProcess.exe" : "PortMgmt.TestProcess");
        string[] command = [.. launcher, program, "listen", .. arguments];
        ProcessStartInfo start = new(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        Process process = Process.Start(start)!;
        string? line = process.StandardOutput.ReadLine();
        if (int.TryParse(line, CultureInfo.InvariantCulture, out int port))
        {
            return new(process) { Port = port };
        }

        process.WaitForExit();
        throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode} instead of a port.");
    }

    public void Dispose()
    {
        _launched.StandardInput.Close();
        if (!_launched.WaitForExit(TimeSpan.FromSeconds(30)))
        {
            _launched.Kill();
        }

        _launched.Dispose();
    }
}

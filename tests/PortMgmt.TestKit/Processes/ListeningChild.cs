using System.Diagnostics;
using System.Globalization;

namespace PortMgmt.TestKit.Processes;

/// <summary>A child process that listens until it is disposed of.</summary>
public sealed class ListeningChild : IDisposable
{
    private readonly Process _launched;

    private ListeningChild(Process launched) => _launched = launched;

    public int Port { get; private init; }

    public int Id => _launched.Id;

    /// <summary>Starts the test process and waits until it listens.</summary>
    /// <param name="launcher">A program that becomes the command given to it, with its options; empty for none.</param>
    /// <param name="arguments">The arguments of the verb.</param>
    public static ListeningChild Listen(string[] launcher, params string[] arguments)
    {
        Process process = Process.Start(TestProgram.Prepare(launcher, ["listen", .. arguments]))!;
        string? line = process.StandardOutput.ReadLine();
        if (int.TryParse(line, CultureInfo.InvariantCulture, out int port))
        {
            return new(process) { Port = port };
        }

        process.WaitForExit();
        throw new InvalidOperationException($"{string.Join(' ', [.. launcher, "listen", .. arguments])} ended with {process.ExitCode} instead of a port.");
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

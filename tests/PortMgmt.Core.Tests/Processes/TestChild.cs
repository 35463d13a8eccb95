using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Xunit;

namespace PortMgmt.Tests.Processes;

/// <summary>A child process that runs a verb of the test process; it is killed, with what its launcher started, when it is disposed of.</summary>
internal sealed partial class TestChild : IDisposable
{
    private readonly Process _process;
    private readonly bool _mayHaveChildren;

    private TestChild(Process process, bool mayHaveChildren)
    {
        _process = process;
        _mayHaveChildren = mayHaveChildren;
    }

    public StreamReader Output => _process.StandardOutput;

    public StreamWriter Input => _process.StandardInput;

    /// <summary>The process that was started: the test process itself unless the launcher forks.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended and no process of its number is left.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts a verb.</summary>
    /// <param name="registry">The registry's directory, given by the environment; null for none.</param>
    /// <param name="arguments">The verb and its arguments.</param>
    /// <param name="launcher">A program that becomes the command given to it, with its options; empty for none.</param>
    /// <param name="environment">Takes or changes the environment that the child inherits; null to leave it.</param>
    public static TestChild Start(string? registry, string[] arguments, IEnumerable<string>? launcher = null, Action<IDictionary<string, string?>>? environment = null)
    {
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "PortMgmt.TestProcess.exe" : "PortMgmt.TestProcess");
        string[] command = [.. launcher ?? [], program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment.Remove("PORTMGMT_REGISTRY");
        environment?.Invoke(start.Environment);
        if (registry is not null)
        {
            start.Environment["PORTMGMT_REGISTRY"] = registry;
        }

        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

        // The runtime's diagnostic sockets would stay in the temporary directory after a kill.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return new TestChild(Process.Start(start)!, mayHaveChildren: launcher is not null);
    }

    /// <summary>Starts a process that leases on demand.</summary>
    public static TestChild Lease(string? registry, IEnumerable<string>? launcher = null, Action<IDictionary<string, string?>>? environment = null) =>
        Start(registry, ["lease"], launcher, environment);

    /// <summary>Starts a process that has the registry locked.</summary>
    public static TestChild Hold(string registry)
    {
        TestChild child = Start(registry, ["hold"]);
        Assert.Equal("held", child.Output.ReadLine());
        return child;
    }

    /// <summary>Starts a process that has its turn at a lock file.</summary>
    public static TestChild TakeTurn(string lockFile, IEnumerable<string>? launcher = null, bool shared = false)
    {
        TestChild child = Start(null, shared ? ["turn", lockFile, "shared"] : ["turn", lockFile], launcher);
        Assert.Equal("turn", child.Output.ReadLine());
        return child;
    }

    /// <summary>Has a command done and gives its answer, without the leading "ok".</summary>
    public string Do(string command)
    {
        string answer = Try(command);
        Assert.StartsWith("ok", answer, StringComparison.Ordinal);
        return answer["ok".Length..].TrimStart();
    }

    /// <summary>Has a command done whose answer is a number.</summary>
    public int DoForNumber(string command) => int.Parse(Do(command), CultureInfo.InvariantCulture);

    /// <summary>Has a command done and gives its answer, which may be an error.</summary>
    public string Try(string command)
    {
        Input.WriteLine(command);
        Input.Flush();
        return Output.ReadLine() ?? throw new InvalidOperationException($"The test process ended instead of an answer to '{command}'.");
    }

    public void Stop() => Signal(Id, UnixSignal.Stop);

    public void Continue() => Signal(Id, UnixSignal.Continue);

    /// <summary>Kills the process as nothing can prevent, and waits until it is reaped.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Ends the process's input, on which it ends.</summary>
    public void End()
    {
        Input.Close();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        // To look for children is to read all of /proc: not for each of a hundred processes that have none.
        _process.Kill(_mayHaveChildren);
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Sends a signal to a process.</summary>
    public static void Signal(int processId, int signal) => Assert.Equal(0, SendSignal(processId, signal));

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}

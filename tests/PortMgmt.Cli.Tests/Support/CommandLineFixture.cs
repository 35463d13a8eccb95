using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using PortMgmt.TestKit;
using PortMgmt.TestKit.Processes;

namespace PortMgmt.Cli.Tests.Support;

/// <summary>
/// The command line with a registry and a temporary directory of its own, both removed at the end. Tests derive from it;
/// xunit makes one for each test.
/// </summary>
public abstract class CommandLineFixture : IDisposable
{
    // Wine starts processes far more slowly, and the demo starts dozens.
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromMinutes(OperatingSystem.IsWindows() ? 10 : 2);

    private readonly TemporaryDirectory _root = new();

    protected CommandLineFixture()
    {
        RegistryDirectory = Directory.CreateDirectory(_root["registry"]).FullName;
        ChildrenTemporaryDirectory = Directory.CreateDirectory(_root["tmp"]).FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(RegistryDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>The executable under test.</summary>
    protected static string Executable => CommandLineProgram.Path;

    /// <summary>The directory of the registry that every child uses.</summary>
    protected string RegistryDirectory { get; }

    /// <summary>The children's temporary directory.</summary>
    protected string ChildrenTemporaryDirectory { get; }

    /// <summary>A directory for the test's own files.</summary>
    protected string WorkDirectory => _root.Path;

    /// <summary>Runs portmgmt to its end.</summary>
    protected CliResult Run(params string[] arguments) => Finish(Start(Executable, arguments));

    /// <summary>Runs portmgmt to its end with a changed environment or directory.</summary>
    protected CliResult RunIn(Action<ProcessStartInfo> change, params string[] arguments)
    {
        ProcessStartInfo start = Prepare(Executable, arguments);
        change(start);
        return Finish(Process.Start(start)!);
    }

    /// <summary>Runs portmgmt to its end with a variable besides.</summary>
    protected CliResult RunWith(string variable, string value, params string[] arguments) =>
        RunIn(start => start.Environment[variable] = value, arguments);

    /// <summary>Runs a shell script in which <c>$portmgmt</c> is the executable.</summary>
    protected CliResult Shell(string script, params string[] arguments)
    {
        Needs.Unix();
        return Finish(Start("/bin/sh", ["-c", script, "sh", .. arguments]));
    }

    /// <summary>Has this process hold the lock of the registry, which must be there, until the result is disposed of.</summary>
    protected FileStream LockRegistry()
    {
        string file = Path.Combine(RegistryDirectory, "leases.lock");
        if (!OperatingSystem.IsWindows())
        {
            // The runtime takes the lock that the registry takes.
            return new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }

        var held = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        held.Lock(0, 1);
        return held;
    }

    /// <summary>Starts a process with the fixture's environment and its standard streams redirected.</summary>
    protected Process Start(string file, params string[] arguments) => Process.Start(Prepare(file, arguments))!;

    private ProcessStartInfo Prepare(string file, string[] arguments)
    {
        var start = new ProcessStartInfo(file, OperatingSystem.IsWindows() && file == Executable ? TestCommands.OnWindows(arguments) : arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
            WorkingDirectory = _root.Path,
        };
        start.Environment["PORTMGMT_REGISTRY"] = RegistryDirectory;
        start.Environment[OperatingSystem.IsWindows() ? "TMP" : "TMPDIR"] = ChildrenTemporaryDirectory;
        start.Environment["portmgmt"] = Executable;
        start.Environment.Remove("NO_COLOR");
        ShortLived.Prepare(start);
        return start;
    }

    /// <summary>Waits for the end of a process and collects what it wrote.</summary>
    /// <param name="process">The process.</param>
    /// <param name="input">What it is to read; it may end before it has read all of that.</param>
    protected static CliResult Finish(Process process, byte[]? input = null)
    {
        using (process)
        {
            Task writing = input is null ? Task.CompletedTask : Task.Run(() => Feed(process, input));
            if (input is null)
            {
                process.StandardInput.Close();
            }

            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(ExitTimeout))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"Still running after {ExitTimeout}.");
            }

            writing.GetAwaiter().GetResult();
            return new CliResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
        }
    }

    private static void Feed(Process process, byte[] input)
    {
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended, or reads no more.
        }
    }

    /// <summary>What a command writes to a terminal, in a terminal of its own.</summary>
    protected string OnTerminal(string command, string environment, int columns = 90)
    {
        Needs.Unix();
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "There is no script(1) of util-linux here to give the command a terminal.");
        File.WriteAllText(Path.Combine(WorkDirectory, "command"), $"stty cols {columns} rows 24; unset NO_COLOR LC_ALL LC_CTYPE LANG; export {environment}\n{command}\n");
        return Shell("exec script --quiet --return --command 'sh ./command' /dev/null").Output;
    }

    /// <summary>Leases a port and returns it.</summary>
    protected int NewPort(params string[] options) =>
        int.Parse(Run(["lease", "new", .. options]).Expect(0).Output, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The leases as <c>lease list --json</c> has them.</summary>
    protected System.Text.Json.JsonElement[] Leases(params string[] options) => Run(["lease", "list", "--json", .. options]).Expect(0).Json;

    /// <summary>A socket of this test that listens on a port nobody else has.</summary>
    protected static TcpListener Listen(out int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }

    /// <summary>Skips a test that needs a program which is not here.</summary>
    protected void RequireProgram(string check, string name) =>
        Assert.SkipUnless(Shell(check).ExitCode == 0, $"'{name}' is not here or cannot do what the test needs.");

    public void Dispose()
    {
        _root.Dispose();
        GC.SuppressFinalize(this);
    }
}

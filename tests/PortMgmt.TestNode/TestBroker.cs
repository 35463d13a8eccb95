using System.Diagnostics;
using System.Globalization;
using PortMgmt.Cluster;
using PortMgmt.Leases;
using PortMgmt.Operations;
using PortMgmt.RabbitMq;

namespace PortMgmt.TestNode;

/// <summary>
/// A RabbitMQ server of our own, on loopback: node name, ports, data, log, plugins and epmd belong to it alone, and go with it.
/// </summary>
internal sealed class TestBroker : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("portmgmt-broker-");
    private readonly PortLease[] _leases;
    private readonly string _script;
    private readonly string _node;
    private Process? _epmd;
    private Process? _server;

    private TestBroker(string script)
    {
        _script = script;
        _node = $"portmgmt-{Guid.NewGuid():N}@localhost";
        var registry = PortRegistry.Open(new PortRegistryOptions { Directory = Path.Combine(_directory.FullName, "registry") });
        _leases = [.. Enumerable.Range(0, 4).Select(_ => registry.Acquire(_node[..^"@localhost".Length]))];
        Certificates = new TestCertificates(_directory.FullName);
    }

    public int Port => _leases[0].Port;

    public int TlsPort => _leases[1].Port;

    public string Url => $"amqp://127.0.0.1:{Port}";

    public TestCertificates Certificates { get; }

    /// <summary>Why no broker can be started here; null if one can.</summary>
    public static string? FindObstacle() =>
        !OperatingSystem.IsLinux() ? "The tests with a broker start Debian's rabbitmq-server, and this is not Linux."
        : FindScript() is null ? "There is no rabbitmq-server here: apt-get install rabbitmq-server."
        : null;

    public static async Task<TestBroker> StartAsync()
    {
        var broker = new TestBroker(FindScript()!);
        try
        {
            broker.StartEpmd();
            await broker.StartServerAsync();
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    public ClusterOptions Cluster(string cluster, string node = "test") => new()
    {
        Broker = BrokerAddress.Parse(Url),
        ClusterId = cluster,
        NodeId = node,
        ReconnectFor = TimeSpan.FromMinutes(3),
    };

    /// <summary>kill -9, with whatever the server was doing.</summary>
    public void Kill()
    {
        // The script that started it is its parent, and the node notes its own id.
        using var node = Process.GetProcessById(int.Parse(File.ReadAllText(InDirectory("pid")), CultureInfo.InvariantCulture));
        node.Kill();
        _server!.WaitForExit();
        _server.Dispose();
    }

    /// <summary>Starts it again with its data.</summary>
    public async Task StartServerAsync()
    {
        File.WriteAllText(InDirectory("enabled_plugins"), "[].");
        File.WriteAllText(InDirectory("rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{Port}
            listeners.ssl.1 = 127.0.0.1:{TlsPort}
            ssl_options.cacertfile = {Certificates.AuthorityFile}
            ssl_options.certfile = {Certificates.ServerFile}
            ssl_options.keyfile = {Certificates.KeyFile}
            ssl_options.verify = verify_none
            log.console = false
            log.file.level = info
            disk_free_limit.absolute = 50MB
            """);
        _server = Start("/bin/sh", $"exec \"{_script}\"", environment =>
        {
            environment["HOME"] = _directory.FullName;
            environment["ERL_EPMD_ADDRESS"] = "127.0.0.1";
            environment["ERL_EPMD_PORT"] = Text(_leases[2].Port);
            environment["RABBITMQ_NODENAME"] = _node;
            environment["RABBITMQ_DIST_PORT"] = Text(_leases[3].Port);
            environment["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}";
            environment["RABBITMQ_MNESIA_BASE"] = InDirectory("data");
            environment["RABBITMQ_LOG_BASE"] = InDirectory("log");
            environment["RABBITMQ_CONF_ENV_FILE"] = InDirectory("no-environment-file");
            environment["RABBITMQ_CONFIG_FILE"] = InDirectory("rabbitmq.conf");
            environment["RABBITMQ_ADVANCED_CONFIG_FILE"] = InDirectory("advanced.config");
            environment["RABBITMQ_ENABLED_PLUGINS_FILE"] = InDirectory("enabled_plugins");
            environment["RABBITMQ_FEATURE_FLAGS_FILE"] = InDirectory("feature_flags");
            environment["RABBITMQ_PID_FILE"] = InDirectory("pid");
        });
        await WaitUntilItTakesConnectionsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Process process in new[] { _server, _epmd }.OfType<Process>())
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            await process.WaitForExitAsync();
            process.Dispose();
        }

        foreach (PortLease lease in _leases)
        {
            lease.Dispose();
        }

        _directory.Delete(recursive: true);
    }

    // The server's own script, not the wrapper on PATH, which wants its own user and system directories.
    private static string? FindScript() => Directory.Exists("/usr/lib/rabbitmq/lib")
        ? Directory.GetDirectories("/usr/lib/rabbitmq/lib", "rabbitmq_server-*").Select(home => Path.Combine(home, "sbin", "rabbitmq-server")).FirstOrDefault(File.Exists)
        : null;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Process Start(string program, string command, Action<IDictionary<string, string?>> configure)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command);
        configure(start.Environment);
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void StartEpmd() => _epmd = Start("/bin/sh", $"exec epmd -port {Text(_leases[2].Port)} -address 127.0.0.1", _ => { });

    private string InDirectory(string name) => Path.Combine(_directory.FullName, name);

    private async Task WaitUntilItTakesConnectionsAsync()
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await new RabbitMqTransport().VerifyAsync(Cluster("start"), CancellationToken.None);
                return;
            }
            catch (OperationException e)
            {
                if (_server!.HasExited || waited.Elapsed > StartTime)
                {
                    throw new InvalidOperationException($"The broker did not start: {e.Message}", e);
                }

                await Task.Delay(200);
            }
        }
    }
}

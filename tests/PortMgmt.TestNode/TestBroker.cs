using System.Diagnostics;
using System.Globalization;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.RabbitMq;

namespace PortMgmt.TestNode;

/// <summary>
/// A RabbitMQ server of our own, on loopback: node name, ports, data, log, plugins and epmd belong to it alone, and go with it.
/// </summary>
internal sealed class TestBroker : IAsyncDisposable
{
    private const int MaxCalls = 50;
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(3);

    private readonly TestBrokerHost _host;
    private readonly bool _ownsHost;
    private readonly DirectoryInfo _directory;
    private readonly string _script;
    private readonly string[] _peers;
    private readonly int _distributionPort;
    private readonly SemaphoreSlim _one = new(1);
    private Process? _server;

    /// <summary>Makes one, not started yet.</summary>
    /// <param name="host">Where it lives.</param>
    /// <param name="name">The name of its node, with the host.</param>
    /// <param name="peers">The names of all nodes of its cluster; empty for a broker on its own.</param>
    /// <param name="ownsHost">The host goes with it.</param>
    public TestBroker(TestBrokerHost host, string name, string[] peers, bool ownsHost = false)
    {
        _host = host;
        _ownsHost = ownsHost;
        _script = FindScript() ?? throw new InvalidOperationException(FindObstacle());
        _peers = peers;
        Node = name;
        _directory = host.Directory.CreateSubdirectory(name);
        Port = host.Lease();
        TlsPort = host.Lease();
        _distributionPort = host.Lease();
    }

    /// <summary>Its name among Erlang's nodes.</summary>
    public string Node { get; }

    public int Port { get; }

    public int TlsPort { get; }

    public string Url => $"amqp://127.0.0.1:{Port}";

    public TestCertificates Certificates => _host.Certificates;

    /// <summary>What the broker does where it sees other nodes no more: a value of cluster_partition_handling.</summary>
    public string PartitionHandling { get; set; } = "ignore";

    /// <summary>More lines of its configuration.</summary>
    public string Configuration { get; set; } = "";

    /// <summary>Its process runs.</summary>
    public bool IsRunning => _server is { HasExited: false };

    /// <summary>Why no broker can be started here; null if one can.</summary>
    public static string? FindObstacle() =>
        !OperatingSystem.IsLinux() ? "The tests with a broker start Debian's rabbitmq-server, and this is not Linux."
        : FindScript() is null ? "There is no rabbitmq-server here: apt-get install rabbitmq-server."
        : null;

    public static async Task<TestBroker> StartAsync(string configuration = "")
    {
        var broker = new TestBroker(new TestBrokerHost(), NameOf("1"), [], ownsHost: true) { Configuration = configuration };
        try
        {
            await broker.StartServerAsync();
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>A node's name that nobody else has.</summary>
    public static string NameOf(string suffix) => $"portmgmt-{Guid.NewGuid():N}-{suffix}@localhost";

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
        using Process node = FindServer();
        node.Kill();
        _server!.WaitForExit();
        _server.Dispose();
        _server = null;
    }

    /// <summary>Sends its process a signal, such as STOP and CONT.</summary>
    public async Task SignalAsync(string name)
    {
        using Process node = FindServer();
        using var kill = Process.Start("kill", ["-" + name, TestBrokerHost.Text(node.Id)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Has its node evaluate Erlang expressions, which end with a full stop.</summary>
    public async Task<string> EvaluateAsync(string expressions)
    {
        // One after the other; and on a busy machine the node can be too slow for one that comes, which has done nothing then.
        await _one.WaitAsync();
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                try
                {
                    return await CallAsync(expressions);
                }
                catch (InvalidOperationException e) when (IsRunning && attempt < MaxCalls && e.Message.Contains("failed to connect", StringComparison.Ordinal))
                {
                    await Task.Delay(200);
                }
            }
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<string> CallAsync(string expressions)
    {
        // By a name of its own, since a node takes no other of a name that it has not seen go.
        string name = "call" + Guid.NewGuid().ToString("N");
        var start = new ProcessStartInfo("erl_call", ["-h", name, "-c", _host.Cookie, "-timeout", "30", "-address", $"127.0.0.1:{TestBrokerHost.Text(_distributionPort)}", "-e"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process call = Process.Start(start)!;
        await call.StandardInput.WriteLineAsync(expressions);
        call.StandardInput.Close();
        string answer = await call.StandardOutput.ReadToEndAsync();
        string error = await call.StandardError.ReadToEndAsync();
        await call.WaitForExitAsync();
        return call.ExitCode == 0 ? answer : throw new InvalidOperationException($"{Node} does not evaluate '{expressions}': {answer} {error}");
    }

    /// <summary>Starts it again with its data.</summary>
    public async Task StartServerAsync()
    {
        Launch();
        await WaitUntilItTakesConnectionsAsync();
    }

    /// <summary>Starts its process, and waits for nothing.</summary>
    public void Launch()
    {
        File.WriteAllText(InDirectory("enabled_plugins"), "[].");
        File.WriteAllText(InDirectory("rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{Port}
            listeners.ssl.1 = 127.0.0.1:{TlsPort}
            ssl_options.cacertfile = {Certificates.ChainFile}
            ssl_options.certfile = {Certificates.ServerFile}
            ssl_options.keyfile = {Certificates.KeyFile}
            ssl_options.verify = verify_peer
            ssl_options.fail_if_no_peer_cert = false
            log.console = false
            log.file.level = info
            disk_free_limit.absolute = 50MB
            {Peers()}
            {Configuration}
            """);
        _server = TestBrokerHost.Start("/bin/sh", ["-c", $"exec \"{_script}\""], SetEnvironment);
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            // One that was stopped ends as well.
            await TestBrokerHost.EndAsync(_server);
        }

        _server = null;
        _one.Dispose();
        if (_ownsHost)
        {
            await _host.DisposeAsync();
        }
    }

    /// <summary>Waits until it serves, or fails because it ended or took too long.</summary>
    public async Task WaitUntilItTakesConnectionsAsync()
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
                if (!IsRunning || waited.Elapsed > StartTime)
                {
                    throw new InvalidOperationException($"The broker did not start: {e.Message}", e);
                }

                await Task.Delay(200);
            }
        }
    }

    // The server's own script, not the wrapper on PATH, which wants its own user and system directories.
    private static string? FindScript() => Directory.Exists("/usr/lib/rabbitmq/lib")
        ? Directory.GetDirectories("/usr/lib/rabbitmq/lib", "rabbitmq_server-*").Select(home => Path.Combine(home, "sbin", "rabbitmq-server")).FirstOrDefault(File.Exists)
        : null;

    private void SetEnvironment(IDictionary<string, string?> environment)
    {
        environment["HOME"] = _host.Directory.FullName;
        environment["ERL_EPMD_ADDRESS"] = "127.0.0.1";
        environment["ERL_EPMD_PORT"] = TestBrokerHost.Text(_host.EpmdPort);
        environment["RABBITMQ_NODENAME"] = Node;
        environment["RABBITMQ_DIST_PORT"] = TestBrokerHost.Text(_distributionPort);
        environment["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}";
        environment["RABBITMQ_MNESIA_BASE"] = InDirectory("data");
        environment["RABBITMQ_LOG_BASE"] = InDirectory("log");
        environment["RABBITMQ_CONF_ENV_FILE"] = InDirectory("no-environment-file");
        environment["RABBITMQ_CONFIG_FILE"] = InDirectory("rabbitmq.conf");
        environment["RABBITMQ_ADVANCED_CONFIG_FILE"] = InDirectory("advanced.config");
        environment["RABBITMQ_ENABLED_PLUGINS_FILE"] = InDirectory("enabled_plugins");
        environment["RABBITMQ_FEATURE_FLAGS_FILE"] = InDirectory("feature_flags");
        environment["RABBITMQ_PID_FILE"] = InDirectory("pid");
    }

    private string Peers() => _peers.Length == 0 ? "" : string.Join('\n', [
        $"cluster_partition_handling = {PartitionHandling}",
        "cluster_formation.peer_discovery_backend = classic_config",
        .. _peers.Select((peer, i) => $"cluster_formation.classic_config.nodes.{i + 1} = {peer}")]);

    // The script that started it is its parent, and the node notes its own id.
    private Process FindServer() => Process.GetProcessById(int.Parse(File.ReadAllText(InDirectory("pid")), CultureInfo.InvariantCulture));

    private string InDirectory(string name) => Path.Combine(_directory.FullName, name);
}

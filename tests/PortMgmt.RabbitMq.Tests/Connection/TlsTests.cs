using System.Net;
using System.Security.Cryptography.X509Certificates;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Tests.Support;
using PortMgmt.TestKit;
using PortMgmt.TestNode;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Connection;

/// <summary>What is said of certificates. None of these servers is a broker, so that no connection comes of them.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TestAuthority _root = new("the root");
    private readonly TestAuthority _between;
    private readonly string _rootFile;

    public TlsTests()
    {
        _between = _root.IssueAuthority("the one between");
        _rootFile = Write("root.pem", _root.Certificate.ExportCertificatePem());
    }

    [Fact]
    public async Task Connect_LeafAndIntermediateUnderAKnownRoot_IsTrusted()
    {
        using X509Certificate2 leaf = _between.Issue("here", address: IPAddress.Loopback);
        await using var server = new TlsServer(leaf, [_between.Certificate]);
        OperationException failure = await ConnectAsync(server, Options(server) with { CaCertificate = _rootFile });
        Assert.DoesNotContain("No secure connection", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_IntermediateIsNotSent_SaysWhoIsMissing()
    {
        using X509Certificate2 leaf = _between.Issue("here", address: IPAddress.Loopback);
        await using var server = new TlsServer(leaf, []);
        await AssertSaysAsync(server, Options(server) with { CaCertificate = _rootFile }, "'CN=the one between'", $"none of those in '{_rootFile}' vouches for it");
    }

    [Fact]
    public async Task Connect_UnknownRoot_SaysWhoWouldHaveToBeTrusted()
    {
        using X509Certificate2 leaf = _between.Issue("here", address: IPAddress.Loopback);
        await using var server = new TlsServer(leaf, [_between.Certificate]);
        await AssertSaysAsync(server, Options(server), "'CN=here'", "no authority that this system trusts");
    }

    [Fact]
    public async Task Connect_ExpiredCertificate_SaysSince()
    {
        DateTimeOffset end = DateTimeOffset.UtcNow.AddDays(-2);
        using X509Certificate2 leaf = _between.Issue("here", end, IPAddress.Loopback);
        await using var server = new TlsServer(leaf, [_between.Certificate]);
        await AssertSaysAsync(server, Options(server) with { CaCertificate = _rootFile }, "'CN=here' is valid from", end.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Connect_CertificateOfAnotherName_SaysBothNames()
    {
        using X509Certificate2 leaf = _between.Issue("there", address: IPAddress.Parse("192.0.2.7"));
        await using var server = new TlsServer(leaf, [_between.Certificate]);
        await AssertSaysAsync(server, Options(server) with { CaCertificate = _rootFile }, "is for '192.0.2.7', and not for '127.0.0.1'");
    }

    [Fact]
    public async Task Connect_ServerAsksForACertificateAndThereIsNone_SaysThatItAsked()
    {
        using X509Certificate2 leaf = _between.Issue("here", address: IPAddress.Loopback);
        await using var server = new TlsServer(leaf, [_between.Certificate], wantsClient: true);
        await AssertSaysAsync(server, Options(server) with { CaCertificate = _rootFile }, "it asked for a certificate of the client", "none was given");
    }

    [Fact]
    public async Task Connect_ClientCertificateInEachForm_IsShown()
    {
        var files = new TestCertificates(_directory.Path);
        using X509Certificate2 leaf = _between.Issue("here", address: IPAddress.Loopback);
        ClusterOptions[] forms =
        [
            new() { Broker = Nowhere, ClientCertificate = files.ClientFile, ClientKey = files.ClientKeyFile },
            new() { Broker = Nowhere, ClientCertificate = files.ClientFile, ClientKey = files.EncryptedKeyFile, ClientKeyPassword = TestCertificates.Password },
            new() { Broker = Nowhere, ClientCertificate = files.PfxFile, ClientKeyPassword = TestCertificates.Password },
        ];
        foreach (ClusterOptions form in forms)
        {
            await using var server = new TlsServer(leaf, [_between.Certificate], wantsClient: true);
            await ConnectAsync(server, form with { Broker = Options(server).Broker, CaCertificate = _rootFile, ConnectTimeout = Options(server).ConnectTimeout });
            Assert.Equal("CN=PortMgmt test client", server.Client);
        }
    }

    [Theory]
    [InlineData("nothing.pem", "cannot be read")]
    [InlineData("ca.pem", "cannot be read")]
    [InlineData("client.pfx", "cannot be read")]
    public async Task Connect_ClientCertificateThatCannotBeUsed_IsAnInvalidOption(string file, string words)
    {
        _ = new TestCertificates(_directory.Path);
        using X509Certificate2 leaf = _between.Issue("here", address: IPAddress.Loopback);
        await using var server = new TlsServer(leaf, [_between.Certificate]);
        OperationException failure = await ConnectAsync(server, Options(server) with { ClientCertificate = _directory[file], ClientKeyPassword = file.EndsWith(".pfx", StringComparison.Ordinal) ? "wrong-word" : null });
        Assert.Equal((OperationErrorCode.InvalidOption, nameof(ClusterOptions.ClientCertificate)), (failure.Code, failure.Option));
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-word", failure.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private static BrokerAddress Nowhere => BrokerAddress.Parse("amqps://127.0.0.1:1");

    private static ClusterOptions Options(TlsServer server) =>
        new() { Broker = BrokerAddress.Parse($"amqps://127.0.0.1:{server.Port}"), ConnectTimeout = TimeSpan.FromSeconds(5), StartFor = TimeSpan.Zero };

    private static async Task<OperationException> ConnectAsync(TlsServer server, ClusterOptions options)
    {
        Assert.Equal(server.Port, options.Broker.Port);
        return await Assert.ThrowsAsync<OperationException>(() => BrokerConnector.ConnectAsync(options, "test", CancellationToken.None));
    }

    private static async Task AssertSaysAsync(TlsServer server, ClusterOptions options, params string[] words)
    {
        OperationException failure = await ConnectAsync(server, options);
        Assert.Equal(OperationErrorCode.BrokerUnreachable, failure.Code);
        Assert.All(words, word => Assert.Contains(word, failure.Message, StringComparison.Ordinal));
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(_directory[name], text);
        return _directory[name];
    }
}

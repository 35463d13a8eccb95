using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace PortMgmt.TestNode;

/// <summary>
/// Certificates as operations have them, as files: a root, an authority between that the broker sends along, the broker's own for the
/// loopback address, and a client's.
/// </summary>
internal sealed class TestCertificates
{
    /// <summary>Of the client's key where it has one.</summary>
    public const string Password = "not-shown-anywhere";

    public TestCertificates(string directory)
    {
        var root = new TestAuthority("PortMgmt test root");
        TestAuthority between = root.IssueAuthority("PortMgmt test authority");
        using X509Certificate2 server = between.Issue("127.0.0.1", address: IPAddress.Loopback);
        using X509Certificate2 client = between.Issue("PortMgmt test client");
        AuthorityFile = Write(directory, "ca.pem", root.Certificate.ExportCertificatePem());
        ChainFile = Write(directory, "chain.pem", between.Certificate.ExportCertificatePem() + "\n" + root.Certificate.ExportCertificatePem());
        ServerFile = Write(directory, "server.pem", server.ExportCertificatePem());
        KeyFile = Write(directory, "server.key", server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        ClientFile = Write(directory, "client.pem", client.ExportCertificatePem() + "\n" + between.Certificate.ExportCertificatePem());
        ClientKeyFile = Write(directory, "client.key", client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        EncryptedKeyFile = Write(directory, "client-encrypted.key", client.GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem(
            Password, new(System.Security.Cryptography.PbeEncryptionAlgorithm.Aes256Cbc, System.Security.Cryptography.HashAlgorithmName.SHA256, 1000)));
        PfxFile = Path.Combine(directory, "client.pfx");
        File.WriteAllBytes(PfxFile, new X509Certificate2Collection(new X509Certificate2[] { client, between.Certificate }).Export(X509ContentType.Pkcs12, Password)!);
    }

    /// <summary>The root alone, as a client trusts it.</summary>
    public string AuthorityFile { get; }

    /// <summary>The authority between and the root, as the broker has them.</summary>
    public string ChainFile { get; }

    public string ServerFile { get; }

    public string KeyFile { get; }

    public string ClientFile { get; }

    public string ClientKeyFile { get; }

    public string EncryptedKeyFile { get; }

    /// <summary>The client's with its key, under <see cref="Password"/>.</summary>
    public string PfxFile { get; }

    private static string Write(string directory, string name, string text)
    {
        string path = Path.Combine(directory, name);
        File.WriteAllText(path, text);
        return path;
    }
}

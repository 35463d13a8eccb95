using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PortMgmt.Cluster;
using PortMgmt.Operations;

namespace PortMgmt.RabbitMq.Connection;

/// <summary>Reads certificates from files.</summary>
internal static class CertificateFiles
{
    /// <summary>The certificates that vouch for a broker.</summary>
    /// <exception cref="OperationException"><see cref="OperationErrorCode.InvalidOption"/>.</exception>
    public static X509Certificate2Collection ReadAuthorities(string file) => Guard(
        nameof(ClusterOptions.CaCertificate), $"The certificates in '{file}' cannot be read", "Name a PEM file with those that vouch for the broker.", () =>
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(file);
            return roots.Count > 0 ? roots : throw new CryptographicException("It holds no certificate.");
        });

    /// <summary>The certificate that shows who we are, with its key, and after it those that lead to an authority.</summary>
    /// <exception cref="OperationException"><see cref="OperationErrorCode.InvalidOption"/>.</exception>
    public static X509Certificate2Collection ReadOwn(string file, string? keyFile, string? password) => Guard(
        nameof(ClusterOptions.ClientCertificate),
        $"The client's certificate in '{file}'{(keyFile is null ? "" : $" with the key in '{keyFile}'")} cannot be read",
        "Name a PEM file with its key, in the same file or another, or a PFX file, with the password of the key where it has one.",
        () => IsPem(file) ? ReadPem(file, keyFile ?? file, password) : ReadPfx(file, password));

    private static bool IsPem(string file)
    {
        using StreamReader reader = File.OpenText(file);
        char[] start = new char[4096];
        int read = reader.ReadBlock(start);
        return start.AsSpan(0, read).Contains("-----BEGIN", StringComparison.Ordinal);
    }

    private static X509Certificate2Collection ReadPem(string file, string keyFile, string? password)
    {
        X509Certificate2 own = password is null ? X509Certificate2.CreateFromPemFile(file, keyFile) : X509Certificate2.CreateFromEncryptedPemFile(file, password, keyFile);
        var all = new X509Certificate2Collection(own);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(file);
        all.AddRange(chain.Where(certificate => certificate.Thumbprint != own.Thumbprint).ToArray());
        return all;
    }

    private static X509Certificate2Collection ReadPfx(string file, string? password)
    {
        X509Certificate2Collection read = X509CertificateLoader.LoadPkcs12CollectionFromFile(file, password);
        X509Certificate2 own = read.FirstOrDefault(certificate => certificate.HasPrivateKey) ?? throw new CryptographicException("It holds no key.");
        return [own, .. read.Where(certificate => certificate != own)];
    }

    private static X509Certificate2Collection Guard(string option, string what, string remedy, Func<X509Certificate2Collection> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new OperationException(OperationErrorCode.InvalidOption, $"{what}: {e.Message.TrimEnd('.')}. {remedy}", e) { Option = option };
        }
    }
}

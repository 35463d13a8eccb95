using System.Text.Json;
using PortMgmt.Leases.Allocation;

namespace PortMgmt.Heads.Projects;

/// <summary>The JSON of a project file, read strictly: each fault tells where it is and what must be there.</summary>
internal static class ProjectJson
{
    /// <summary>The members of an object, none of which may be there twice.</summary>
    /// <param name="element">The object.</param>
    /// <param name="at">Where it is in the file.</param>
    /// <param name="comparer">Tells which names are one; null for those that are alike to the letter.</param>
    public static IEnumerable<JsonProperty> MembersOf(JsonElement element, string at, StringComparer? comparer = null)
    {
        HashSet<string> seen = new(comparer ?? StringComparer.Ordinal);
        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (!seen.Add(member.Name))
            {
                throw new ProjectFaultException(Join(at, member.Name), "It is there twice. Leave one of them out.");
            }

            yield return member;
        }
    }

    /// <summary>Refuses an element of another kind than there must be.</summary>
    public static void Demand(JsonElement element, JsonValueKind kind, string at, string wanted)
    {
        if (element.ValueKind != kind)
        {
            throw new ProjectFaultException(at, $"{Describe(element)} where there must be {wanted}.");
        }
    }

    /// <summary>The fault of a member that means nothing here.</summary>
    public static ProjectFaultException Unknown(string name, string at, string known) =>
        new(Join(at, name), $"That is not known here. Known are {known}.");

    /// <summary>What an element is, as the begin of a sentence.</summary>
    public static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "There is an object",
        JsonValueKind.Array => "There is an array",
        JsonValueKind.String => "There is a text",
        JsonValueKind.Number => $"There is the number {Shorten(element.GetRawText())}",
        JsonValueKind.Null => "There is null",
        _ => "There is true or false",
    };

    /// <summary>Where a member is, as a person would look for it: a name that is no word stands in brackets.</summary>
    public static string Join(string at, string name) =>
        name.Length > 0 && (char.IsAsciiLetter(name[0]) || name[0] is '$' or '_') && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '$' or '_')
            ? $"{at}{(at.Length == 0 ? "" : ".")}{Shorten(name)}"
            : $"{at}[\"{Shorten(name)}\"]";

    private static string Shorten(string text) => text.Length <= LeaseName.MaxLength ? text : $"{text[..LeaseName.MaxLength]}…";
}

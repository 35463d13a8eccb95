BeforeDiscovery {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
    $topics = 'about_PortMgmt', 'about_PortMgmt_Leases', 'about_PortMgmt_Batches', 'about_PortMgmt_Tuning', 'about_PortMgmt_Errors'
    $commands = (Import-PowerShellDataFile -Path $ManifestPath).CmdletsToExport
    $readByPlaty = (Get-Module -ListAvailable -Name Microsoft.PowerShell.PlatyPS) ? $commands : 'any cmdlet'
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
    $pages = Join-Path $PSScriptRoot '../../docs/en-US'
    $help = Join-Path (Split-Path -Path $ManifestPath) 'en-US'
    $platy = Get-Module -ListAvailable -Name Microsoft.PowerShell.PlatyPS
    Import-Module -Name (Join-Path $PSScriptRoot '../../docs/tools/HelpPages.psm1') -Force

}

Describe 'The pages' {
    It 'are there for every cmdlet, and for none that does not exist' {
        (Get-ChildItem -Path $pages -Filter '*-*.md').BaseName | Sort-Object |
            Should -Be ((Get-Module -Name PortMgmt).ExportedCmdlets.Keys | Sort-Object)
    }

    It 'have nothing left to fill in' {
        Get-ChildItem -Path $pages -Filter '*-*.md' | Select-String -Pattern '{{ ?(Fill|Add|Insert)' | Should -BeNullOrEmpty
    }

    It 'link to pages that exist' {
        $links = Get-ChildItem -Path $pages -Filter '*-*.md' | Select-String -Pattern '\]\((?!http)([^)]+)\)' -AllMatches
        $links | Should -Not -BeNullOrEmpty
        $links.Matches | ForEach-Object -Process { Join-Path $pages $_.Groups[1].Value | Should -Exist }
    }

    It 'are what PlatyPS makes of them' {
        if (-not $platy) {
            Set-ItResult -Skipped -Because 'PlatyPS is not installed (Install-Module Microsoft.PowerShell.PlatyPS)'
        }
        Get-ChildItem -Path $pages -Filter '*-*.md' | ForEach-Object -Process { Test-MarkdownCommandHelp -Path $_.FullName | Should -BeTrue -Because $_.Name }
    }

    It 'are built into the help file' {
        $null = & (Join-Path $PSScriptRoot '../../docs/tools/build-help.ps1') -Destination $TestDrive
        $built = Get-Content -Path (Join-Path $TestDrive 'PortMgmt.dll-Help.xml')
        $committed = Get-Content -Path (Join-Path $help 'PortMgmt.dll-Help.xml')
        ($built -join "`n") -ceq ($committed -join "`n") | Should -BeTrue -Because './build.ps1 -Task Docs makes it from the pages'
    }
}

Describe 'The page of <_>' -ForEach $commands {
    BeforeAll {
        $name = $_
        $text = Get-PageText -Path (Join-Path $pages "$name.md")
    }

    It 'has every parameter, and none that does not exist' {
        $section = [regex]::Match($text, '(?s)\n## PARAMETERS\n(.*?)\n### CommonParameters\n').Groups[1].Value
        [regex]::Matches($section, '(?m)^### -(\S+)$').ForEach({ $_.Groups[1].Value }) | Sort-Object |
            Should -Be (Get-OwnParameter -Command (Get-Command -Name $name -Module PortMgmt)).Name
    }

    It 'says of each parameter what it is' {
        foreach ($part in [regex]::Matches($text, '(?s)\n### -(\S+)\n(.*?)\n```yaml\n')) {
            $part.Groups[2].Value.Trim().Length | Should -BeGreaterThan 12 -Because $part.Groups[1].Value
        }
    }

    It 'has at least three examples, each with code' {
        $examples = [regex]::Match($text, '(?s)\n## EXAMPLES\n(.*?)\n## PARAMETERS\n').Groups[1].Value
        $titles = [regex]::Matches($examples, '(?m)^### Example (\d+): \S')
        $titles.Count | Should -BeGreaterOrEqual 3
        $titles.ForEach({ [int] $_.Groups[1].Value }) | Should -Be (1..$titles.Count)
        [regex]::Matches($examples, '(?m)^```powershell$').Count | Should -Be $titles.Count
    }

    It 'names output types that the cmdlet declares' {
        $section = [regex]::Match($text, '(?s)\n## OUTPUTS\n(.*?)\n## NOTES\n').Groups[1].Value
        $declared = (Get-Command -Name $name -Module PortMgmt).OutputType.Name -replace '^System.Void$', 'None'
        [regex]::Matches($section, '(?m)^### (\S+)$').ForEach({ $_.Groups[1].Value }) | Sort-Object | Should -Be ($declared | Sort-Object -Unique)
    }
}

Describe 'The page of <_>, beside the code' -ForEach $commands {
    BeforeAll {
        $command = Get-Command -Name $_ -Module PortMgmt
        $page = Read-HelpPage -Path (Join-Path $pages "$_.md")
    }

    It 'has the syntax that the cmdlet has' {
        $page.SyntaxText | Should -BeExactly (Get-SyntaxText -Command $command)
    }

    It 'has the table of each parameter: type, aliases, wildcards, sets, positions and the pipeline' {
        $page.Parameters.Name | Should -Be (Get-OwnParameter -Command $command).Name
        foreach ($parameter in Get-OwnParameter -Command $command) {
            $written = $page.Parameters | Where-Object -Property Name -EQ $parameter.Name
            $default = [regex]::Match($written.TableText, '(?m)^DefaultValue: (.*)$').Groups[1].Value
            $written.TableText | Should -BeExactly (Get-ParameterTable -Parameter $parameter -Default $default) -Because $parameter.Name
        }
    }

    It 'is what Get-Help shows' {
        $help = Get-Help -Name $command.Name -Full
        $help.Synopsis | Should -Be $page.Synopsis
        @($help.syntax.syntaxItem).Count | Should -Be $command.ParameterSets.Count
        @($help.examples.example).Count | Should -Be $page.Examples.Count
        foreach ($parameter in $page.Parameters) {
            $shown = $help.parameters.parameter | Where-Object -Property name -EQ $parameter.Name
            ($shown.description.Text -join ' ') | Should -Not -BeNullOrEmpty -Because $parameter.Name
            $shown.type.name | Should -Be $parameter.Table.Type -Because $parameter.Name
        }
        foreach ($i in 0..($command.ParameterSets.Count - 1)) {
            $set = ($command.ParameterSets | Sort-Object -Property { -not $_.IsDefault } -Stable)[$i]
            $own = $set.Parameters.Name | Where-Object -FilterScript { $_ -notin [System.Management.Automation.Cmdlet]::CommonParameters } | Sort-Object
            @($help.syntax.syntaxItem)[$i].parameter.name | Sort-Object | Should -Be $own
        }
    }
}

Describe 'The page of <_>, as PlatyPS reads it' -ForEach $readByPlaty {
    It 'has the syntax, the types and the aliases that the cmdlet has' {
        if (-not $platy) {
            Set-ItResult -Skipped -Because 'PlatyPS is not installed (Install-Module Microsoft.PowerShell.PlatyPS)'
        }
        $name = $_
        $page = Import-MarkdownCommandHelp -Path (Join-Path $pages "$name.md")
        $actual = New-CommandHelp -CommandInfo (Get-Command -Name $name -Module PortMgmt)
        $written, $expected = $page, $actual | ForEach-Object -Process { "$($_.Syntax)".Replace('[<CommonParameters>]', '') -replace '\s+', ' ' }
        $written.Trim() | Should -Be $expected.Trim()
        foreach ($parameter in $actual.Parameters) {
            $written = $page.Parameters | Where-Object -Property Name -EQ $parameter.Name
            $written.Type | Should -Be $parameter.Type -Because $parameter.Name
            $written.Aliases | Should -Be $parameter.Aliases -Because $parameter.Name
            $written.SupportsWildcards | Should -Be $parameter.SupportsWildcards -Because $parameter.Name
            ($written.ParameterSets | ConvertTo-Json) | Should -Be ($parameter.ParameterSets | ConvertTo-Json) -Because $parameter.Name
        }
    }
}

Describe 'Get-Help' {
    BeforeAll {
        $shownTopics = (Get-ChildItem -Path $help -Filter 'about_*.help.txt').Name -replace '\.help\.txt$'
        # In a process of its own, as a reader starts it: nothing but the imported manifest.
        $script = "
            Import-Module '$ManifestPath'
            `$found = @{}
            foreach (`$name in (Get-Module PortMgmt).ExportedCmdlets.Keys) {
                `$help = Get-Help -Name `$name -Full
                `$found[`$name] = @{
                    Synopsis = `$help.Synopsis
                    Description = (`$help.description.Text -join ' ')
                    Examples = @(`$help.examples.example).Count
                    Code = @(`$help.examples.example.code).Where({ `$_ }).Count
                    Silent = @(`$help.parameters.parameter.Where({ -not `$_.description.Text }).name)
                }
            }
            foreach (`$topic in '$($shownTopics -join "', '")') { `$found[`$topic] = @{ Text = [string] (Get-Help -Name `$topic) } }
            `$found | ConvertTo-Json -Depth 4 -Compress"
        $shown = Invoke-TestShell -Command $script | ConvertFrom-Json -AsHashtable
    }

    It 'says in one line that it is in the module, to whoever looks for it elsewhere' {
        { Get-Help New-PortLease -Online } | Should -Throw -ExpectedMessage '*all help of PortMgmt is in the module itself*'
        foreach ($command in Get-Command -Module PortMgmt -CommandType Cmdlet) {
            $command.HelpUri | Should -BeLike 'offline:*'
        }
        { Update-Help -Module PortMgmt -UICulture en-US -ErrorAction Stop } | Should -Throw -ExpectedMessage '*all-help-of-PortMgmt-is-in-the-module-itself-and-needs-no-update*'
    }

    It 'shows <_> in full' -ForEach $commands {
        $shown[$_].Synopsis | Should -Not -Match $_ -Because 'it would be the syntax, which stands in for a help file that is not found'
        $shown[$_].Description | Should -Not -BeNullOrEmpty
        $shown[$_].Examples | Should -BeGreaterOrEqual 3
        $shown[$_].Code | Should -Be $shown[$_].Examples
        $shown[$_].Silent | Should -BeNullOrEmpty
    }

    It 'shows <_>' -ForEach $topics {
        $shown[$_].Text | Should -Match "(?s)^TOPIC\s+$_\s.*SHORT DESCRIPTION"
    }
}

Describe 'The topics' {
    BeforeAll {
        $module = (Get-Module -Name PortMgmt).NestedModules.ImplementingAssembly
        $core = [PortMgmt.Leases.PortRegistry].Assembly
        $ids = $module, $core |
            ForEach-Object -Process { $_.GetExportedTypes() } |
            Where-Object -FilterScript { $_.IsEnum -and $_.Name -like '*ErrorCode' } |
            ForEach-Object -Process { [enum]::GetNames($_) }

        # What is no failure of the core has its id where it is raised.
        $sources = Get-ChildItem -Path (Join-Path $PSScriptRoot '../../src/PortMgmt') -Filter '*.cs' -Recurse
        $ids += (Select-String -Path $sources.FullName -Pattern '"([A-Z][A-Za-z]+)", ErrorCategory\.' -AllMatches).Matches.ForEach({ $_.Groups[1].Value })
        $errors = Get-Content -Path (Join-Path $help 'about_PortMgmt_Errors.help.txt')
    }

    It 'have every error id that the code has, and no other' {
        $written = [regex]::Matches(($errors -join "`n"), '(?m)^    ([A-Z][A-Za-z]+)$').ForEach({ $_.Groups[1].Value })
        $written | Should -HaveCount ($written | Sort-Object -Unique).Count
        $written | Sort-Object | Should -Be ($ids | Sort-Object)
    }

    It 'say of every error its cause and its way out' {
        $text = $errors -join "`n"
        foreach ($id in $ids) {
            $text | Should -Match "(?s)\n    $id\n        Cause: \S.*?\n        Way out: \S"
        }
    }

    It 'have every rule that Test-Daemon has' {
        $advisor = [PortMgmt.Advice.OperationFinding].Assembly.GetType('PortMgmt.Advice.OperationAdvisor', $true)
        $rules = $advisor.GetMethods('Static, NonPublic').Where({ $_.ReturnType -eq [PortMgmt.Advice.OperationFinding] }).Name
        $tuning = Get-Content -Path (Join-Path $help 'about_PortMgmt_Tuning.help.txt') -Raw
        $rules.Count | Should -BeGreaterThan 5
        $rules | ForEach-Object -Process { $tuning | Should -Match "(?m)^ +$_ " }
    }

    It 'name only cmdlets and parameters that exist' {
        $wrong = foreach ($file in Get-ChildItem -Path $help -Filter 'about_*.help.txt') {
            foreach ($found in Select-String -Path $file.FullName -Pattern '(?<![\w-])(New|Get|Set|Remove|Update|Use|Test|Wait|Start|Optimize|Clear|Initialize|Export)-(Port|Stale|Daemon|Operation|Cluster)\w*' -AllMatches) {
                $found.Matches.Value | Where-Object -FilterScript { -not (Get-Command -Name $_ -Module PortMgmt -ErrorAction Ignore) } |
                    ForEach-Object -Process { "$($file.Name): $_" }
            }
        }
        $wrong | Should -BeNullOrEmpty
    }

    It 'fit a window of 80 columns' {
        Get-ChildItem -Path $help -Filter 'about_*.help.txt' | Select-String -Pattern '^.{81,}' | Should -BeNullOrEmpty
    }
}

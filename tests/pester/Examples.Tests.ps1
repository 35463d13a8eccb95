BeforeDiscovery {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
    $root = Join-Path $PSScriptRoot '../..'

    # Not run here: they would wait for a server that no example starts, or need a broker.
    $unattended = @(
        'portmgmt wait 8080 --timeout 30s'
        'portmgmt worker --type line --node w1 --jobs 4 -- sh -c ''test {} != bad && echo got {}'' > w1.log &'
        '(seq 2; echo bad) | portmgmt submit --type line'
        'portmgmt nodes'
        'portmgmt nodes --queues'
    )
    $lines = Select-String -Path (Join-Path $root 'README.md') -Pattern '^\$ (.*?)(\s+#.*)?$' |
        ForEach-Object -Process { $_.Matches[0].Groups[1].Value } |
        Where-Object -FilterScript { $_ -notin $unattended }
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'The examples of the help and the prompts of the documents' {
    BeforeAll {
        $ran = & (Join-Path $PSScriptRoot '../../docs/tools/run-examples.ps1') -Manifest $ManifestPath
    }

    It 'run' {
        $ran.Count | Should -BeGreaterThan 80
        $failed = $ran | Where-Object -Property Error | ForEach-Object -Process { "$($_.Name): $($_.Error)" }
        $failed | Should -BeNullOrEmpty
    }

    It 'are run all but two, and those that need a broker' {
        ($ran | Where-Object -FilterScript { $_.Attended -and $_.Attended -ne 'needs a broker' }).Name |
            Should -Be 'Initialize-PortRegistry 4', 'Start-OperationWorker 3'
        ($ran | Where-Object -Property Attended -EQ 'needs a broker').Count | Should -BeLessOrEqual 17
    }

    It 'put out what the pages say, where that is words, truth or a small number' {
        $plain = $ran | Where-Object -FilterScript { $_.Documented -cmatch '^((True|False|[A-Za-z][a-z ]*|\d{1,4}|\d{5}-\d{5})(\n|$))+$' -and -not $_.Attended }
        $plain.Count | Should -BeGreaterThan 40
        $plain | ForEach-Object -Process { $_.Output | Should -BeExactly $_.Documented -Because $_.Name }
    }
}

Describe 'The command line of the README: <_>' -Skip:$IsWindows -ForEach $lines {
    BeforeAll {
        $program = Get-ChildItem -Path (Join-Path $PSScriptRoot '../../src/PortMgmt.Cli/bin/*/net10.0/portmgmt.dll') |
            Sort-Object -Property LastWriteTime |
            Select-Object -Last 1
        $bin = New-Item -ItemType Directory -Path (Join-Path $TestDrive 'bin') -Force
        Set-Content -Path (Join-Path $bin 'portmgmt') -Value '#!/bin/sh', "exec dotnet '$program' `"`$@`""
        Set-Content -Path (Join-Path $TestDrive 'server') -Value '#!/bin/sh', 'echo "$@"'
        & chmod +x (Join-Path $bin 'portmgmt') (Join-Path $TestDrive 'server')
        $project = [regex]::Match((Get-Content -Path (Join-Path $PSScriptRoot '../../README.md') -Raw), '# the ports of portmgmt\.json: (\{.*\})').Groups[1].Value
        Set-Content -Path (Join-Path $TestDrive 'portmgmt.json') -Value $project
        Use-TestRegistry
        $path = $env:PATH
        $env:PATH = "$bin$([System.IO.Path]::PathSeparator)$path"
    }

    AfterAll {
        $env:PATH = $path
        Clear-TestRegistry
    }

    It 'does what it says' {
        if (-not $program) {
            Set-ItResult -Skipped -Because 'the command line has not been built'
        }
        Push-Location -Path $TestDrive
        try {
            $null = & sh -c $_ 2>&1
        }
        finally {
            Pop-Location
        }
        # 1: there are failed operations, as the README shows; 3: nothing listens on the port.
        $LASTEXITCODE | Should -BeIn ($_ -match '\bbatch\b' ? 0, 1 : $_ -match '\bwho\b' ? 0, 3 : 0)
    }
}
